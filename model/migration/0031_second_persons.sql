-- A dismissed scrutineer who checked papers is named in the result; two accounts that were ever one person's stay one person's.
ALTER TABLE scrutineers ADD COLUMN dismissed_at DATETIME(3) NULL;

ALTER TABLE staff_wechat ADD COLUMN unlinked_at DATETIME(3) NULL;
