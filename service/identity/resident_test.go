package identity_test

import (
	"errors"
	"strings"
	"testing"

	"gorm.io/gorm"

	"gongdi/service/fault"
	"gongdi/service/identity"
	"gongdi/service/store"
	"gongdi/service/wechat"
)

func TestAPhoneIsKeptSealedAndShownMasked(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		_, resident := b.resident("openid-1")
		number, err := b.Phone(ctx, "+86 199 0000 0001")
		b.must(err)
		if number != "19900000001" {
			t.Errorf("compared as %q", number)
		}
		b.must(store.Tx(ctx, b.db, func(tx *gorm.DB) error { return b.AttachPhone(ctx, tx, resident.ID, number) }))
		kept, masked, err := b.Resident(ctx, resident.ID)
		b.must(err)
		if masked != "199****0001" || strings.Contains(kept.Phone, "1990") || kept.PhoneIndex == "" {
			t.Errorf("shown %q, kept %q", masked, kept.Phone)
		}
		if _, err := b.Phone(ctx, ""); !errors.Is(err, wechat.ErrPhoneCodeInvalid) {
			t.Errorf("a used code: %v", err)
		}
		if _, _, err := b.Resident(ctx, "nobody"); !errors.Is(err, fault.ErrNotFound) {
			t.Errorf("nobody: %v", err)
		}
	})
}

func TestOnlyThePresentNoticeIsAccepted(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		_, resident := b.resident("openid-1")
		accept := func(version string) error {
			return store.Tx(ctx, b.db, func(tx *gorm.DB) error { return b.Accept(ctx, tx, resident.ID, version) })
		}
		version, _ := b.Privacy()
		for _, other := range []string{"", "1", version + "0", strings.ToUpper(version) + " "} {
			if err := accept(other); !errors.Is(err, identity.ErrPrivacyNotAccepted) {
				t.Errorf("%q: %v", other, err)
			}
		}
		for range 2 {
			b.must(accept(version))
		}
		if n := b.count("SELECT COUNT(*) FROM privacy_acceptances WHERE resident_id = ?", resident.ID); n != 1 {
			t.Errorf("kept %d times", n)
		}
	})
}

func TestTheNoticeNamesTheOfficeAndItsVersionIsItsText(t *testing.T) {
	plain, named := &identity.Service{}, &identity.Service{Office: identity.Office{Name: "金沙县鼓场街道办事处", Contact: "0857-0000000"}}
	version, text := named.Privacy()
	if !strings.Contains(text, "金沙县鼓场街道办事处") || !strings.Contains(text, "0857-0000000") {
		t.Error("whom to ask is missing")
	}
	other, plainText := plain.Privacy()
	if strings.Contains(text+plainText, "{{") {
		t.Error("a place was not filled in")
	}
	if again, _ := named.Privacy(); version != again || version == other || len(version) > 32 {
		t.Errorf("versions %q, %q, %q", version, again, other)
	}
	// PIPL art. 17: whoever, why, how, what, how long, which rights.
	for _, word := range []string{"个人信息处理者", "为什么处理", "怎样保存", "谁能看到", "保存多久", "您的权利", "撤回同意", "不满十四周岁"} {
		if !strings.Contains(text, word) {
			t.Errorf("nothing of %q", word)
		}
	}
}
