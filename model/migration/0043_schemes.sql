-- Renovation schemes of estates, buildings and stairwells, and the catalogue of what they may contain.
CREATE TABLE scheme_classes (
  code VARCHAR(32) NOT NULL PRIMARY KEY,
  name VARCHAR(80) NOT NULL,
  position INT NOT NULL,
  comes_last INT NOT NULL,
  updated_by VARCHAR(26) NOT NULL,
  updated_at DATETIME(3) NOT NULL
);

CREATE TABLE scheme_contents (
  code VARCHAR(32) NOT NULL PRIMARY KEY,
  part INT NOT NULL CHECK (part BETWEEN 1 AND 6),
  class_code VARCHAR(32) NOT NULL,
  name VARCHAR(200) NOT NULL,
  unit VARCHAR(40) NOT NULL,
  position INT NOT NULL,
  categories VARCHAR(400) NOT NULL,
  underground INT NOT NULL,
  safety INT NOT NULL,
  retired INT NOT NULL,
  updated_by VARCHAR(26) NOT NULL,
  updated_at DATETIME(3) NOT NULL
);

CREATE TABLE schemes (
  id CHAR(26) NOT NULL PRIMARY KEY,
  slot VARCHAR(64) NOT NULL,
  estate_id CHAR(26) NOT NULL,
  area_code VARCHAR(12) NOT NULL,
  scope_type VARCHAR(12) NOT NULL CHECK (scope_type IN ('estate', 'building', 'unit')),
  scope_id CHAR(26) NOT NULL,
  scope_label VARCHAR(400) NOT NULL,
  version INT NOT NULL,
  published INT NOT NULL,
  stage VARCHAR(12) NOT NULL CHECK (stage IN ('open', 'withdrawn')),
  created_by CHAR(26) NOT NULL,
  created_at DATETIME(3) NOT NULL,
  updated_at DATETIME(3) NOT NULL
);
CREATE UNIQUE INDEX schemes_slot ON schemes (slot);
CREATE INDEX schemes_estate ON schemes (estate_id, created_at);
CREATE INDEX schemes_area ON schemes (area_code, created_at);

CREATE TABLE scheme_versions (
  scheme_id CHAR(26) NOT NULL,
  version INT NOT NULL,
  title VARCHAR(400) NOT NULL,
  coverage TEXT NOT NULL,
  focus TEXT NOT NULL,
  measures TEXT NOT NULL,
  starts_on VARCHAR(10) NOT NULL,
  ends_on VARCHAR(10) NOT NULL,
  drawings TEXT NOT NULL,
  estimate BIGINT NOT NULL CHECK (estimate >= 0),
  funds BIGINT NOT NULL CHECK (funds >= 0),
  digest VARCHAR(64) NOT NULL,
  motion_id VARCHAR(26) NOT NULL,
  reason VARCHAR(2000) NOT NULL,
  published_by VARCHAR(26) NOT NULL,
  published_at DATETIME(3) NULL,
  created_by CHAR(26) NOT NULL,
  created_at DATETIME(3) NOT NULL,
  PRIMARY KEY (scheme_id, version)
);
CREATE INDEX scheme_versions_motion ON scheme_versions (motion_id);

CREATE TABLE scheme_lines (
  scheme_id CHAR(26) NOT NULL,
  version INT NOT NULL,
  code VARCHAR(32) NOT NULL,
  position INT NOT NULL,
  part INT NOT NULL,
  class_code VARCHAR(32) NOT NULL,
  class_name VARCHAR(80) NOT NULL,
  name VARCHAR(200) NOT NULL,
  unit VARCHAR(40) NOT NULL,
  state VARCHAR(12) NOT NULL CHECK (state IN ('planned', 'deferred', 'sound')),
  quantity BIGINT NOT NULL CHECK (quantity >= 0),
  estimate BIGINT NOT NULL CHECK (estimate >= 0),
  note VARCHAR(2000) NOT NULL,
  PRIMARY KEY (scheme_id, version, code)
);

CREATE TABLE scheme_funds (
  scheme_id CHAR(26) NOT NULL,
  version INT NOT NULL,
  position INT NOT NULL,
  source VARCHAR(24) NOT NULL,
  content VARCHAR(32) NOT NULL,
  amount BIGINT NOT NULL CHECK (amount > 0),
  ground VARCHAR(32) NOT NULL,
  note VARCHAR(2000) NOT NULL,
  PRIMARY KEY (scheme_id, version, position)
);

INSERT INTO scheme_classes (code, name, position, comes_last, updated_by, updated_at) VALUES
('basic', '基础类', 1, 0, '', '2021-11-19 00:00:00.000'),
('improving', '完善类', 2, 0, '', '2021-11-19 00:00:00.000'),
('enhancing', '提升类', 3, 1, '', '2021-11-19 00:00:00.000');

INSERT INTO scheme_contents (code, part, class_code, name, unit, position, categories, underground, safety, retired, updated_by, updated_at) VALUES
('water', 1, 'basic', '供水管网', '米', 101, 'water_supply outage', 1, 0, 0, '', '2021-11-19 00:00:00.000'),
('drainage', 1, 'basic', '排水管网', '米', 102, 'water_drain_works', 1, 0, 0, '', '2021-11-19 00:00:00.000'),
('power', 1, 'basic', '供电线路', '米', 103, 'power', 1, 0, 0, '', '2021-11-19 00:00:00.000'),
('weak_current', 1, 'basic', '弱电线路', '米', 104, 'telecom cable_tv weak_current_coord', 1, 0, 0, '', '2021-11-19 00:00:00.000'),
('road', 1, 'basic', '小区道路', '平方米', 105, 'municipal_maintain', 0, 0, 0, '', '2021-11-19 00:00:00.000'),
('gas', 1, 'basic', '燃气管道', '米', 106, 'gas', 1, 1, 0, '', '2021-11-19 00:00:00.000'),
('lighting', 1, 'basic', '公共照明', '盏', 107, 'municipal_maintain', 0, 0, 0, '', '2021-11-19 00:00:00.000'),
('refuse', 1, 'basic', '生活垃圾分类设施', '处', 108, 'environment', 0, 0, 0, '', '2021-11-19 00:00:00.000'),
('fibre', 1, 'basic', '光纤入户', '户', 109, '', 0, 0, 0, '', '2021-11-19 00:00:00.000'),
('overhead_lines', 1, 'basic', '架空线规整（入地）', '米', 110, 'overhead_lines', 1, 0, 0, '', '2021-11-19 00:00:00.000'),
('parking', 2, 'improving', '停车位', '个', 201, '', 0, 0, 0, '', '2021-11-19 00:00:00.000'),
('charging', 2, 'improving', '充电桩', '个', 202, '', 0, 0, 0, '', '2021-11-19 00:00:00.000'),
('parcel_boxes', 2, 'improving', '智能快件箱、信包箱', '组', 203, '', 0, 0, 0, '', '2021-11-19 00:00:00.000'),
('fitness', 2, 'improving', '体育健身设施', '处', 204, 'fitness', 0, 0, 0, '', '2021-11-19 00:00:00.000'),
('culture', 2, 'improving', '文化休闲设施', '处', 205, '', 0, 0, 0, '', '2021-11-19 00:00:00.000'),
('community_service', 2, 'enhancing', '社区综合服务设施', '处', 206, '', 0, 0, 0, '', '2021-11-19 00:00:00.000'),
('elderly_care', 2, 'enhancing', '养老服务设施', '处', 207, 'elderly_facility', 0, 0, 0, '', '2021-11-19 00:00:00.000'),
('childcare', 2, 'enhancing', '托育服务设施', '处', 208, '', 0, 0, 0, '', '2021-11-19 00:00:00.000'),
('catering', 2, 'enhancing', '助餐服务设施', '处', 209, '', 0, 0, 0, '', '2021-11-19 00:00:00.000'),
('roof', 3, 'basic', '屋面防水修缮', '平方米', 301, 'waterproof', 0, 1, 0, '', '2021-11-19 00:00:00.000'),
('outer_wall', 3, 'basic', '外墙修缮', '平方米', 302, '', 0, 1, 0, '', '2021-11-19 00:00:00.000'),
('stairs', 3, 'basic', '楼梯间修缮', '平方米', 303, '', 0, 1, 0, '', '2021-11-19 00:00:00.000'),
('corridor', 3, 'basic', '楼道修缮', '平方米', 304, '', 0, 0, 0, '', '2021-11-19 00:00:00.000'),
('downpipes', 3, 'basic', '雨落管', '米', 305, '', 0, 0, 0, '', '2021-11-19 00:00:00.000'),
('insulation', 4, 'improving', '外墙、屋面保温', '平方米', 401, '', 0, 0, 0, '', '2021-11-19 00:00:00.000'),
('windows', 4, 'improving', '节能门窗', '平方米', 402, '', 0, 0, 0, '', '2021-11-19 00:00:00.000'),
('lift', 5, 'improving', '加装电梯', '部', 501, 'lift', 0, 0, 0, '', '2021-11-19 00:00:00.000'),
('stair_lift', 5, 'improving', '座椅电梯', '部', 502, '', 0, 0, 0, '', '2021-11-19 00:00:00.000'),
('ramps', 5, 'improving', '无障碍坡道', '处', 503, '', 0, 0, 0, '', '2021-11-19 00:00:00.000'),
('handrails', 5, 'improving', '扶手', '米', 504, '', 0, 0, 0, '', '2021-11-19 00:00:00.000'),
('fire', 6, 'basic', '消防设施', '处', 601, 'fire', 0, 1, 0, '', '2021-11-19 00:00:00.000'),
('cctv', 6, 'basic', '视频监控', '台', 602, '', 0, 0, 0, '', '2021-11-19 00:00:00.000'),
('gate', 6, 'basic', '门禁', '处', 603, '', 0, 0, 0, '', '2021-11-19 00:00:00.000'),
('perimeter', 6, 'enhancing', '周界防护等智能感知设施', '处', 604, '', 0, 0, 0, '', '2021-11-19 00:00:00.000');
