package identity

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"gongdi/model"
	"gongdi/service/fault"
)

// ErrPasswordWeak answers a password that the rules do not allow.
var ErrPasswordWeak = fault.New(fault.Invalid, "password_too_weak", "密码不符合要求")

// The rules of passwords, in characters.
//
// Choice: lengths and classes as systems of protection level two are assessed
// by (GB/T 22239-2019, 8.1.4.1); administrators hold the keys to the others.
const (
	passwordLeast      = 8
	passwordLeastAdmin = 10
	passwordMost       = 128
	passwordClasses    = 3 // of lower case, upper case, digits and others
)

// common are passwords that satisfy the rules and are tried first, in lower case.
var common = strings.Fields(`
	password1 password1! password123 password@123 password123! passw0rd passw0rd! passw0rd1 p@ssw0rd p@ssw0rd1 p@ssw0rd123
	p@ssword1 p@ssword123 admin123 admin@123 admin123! admin1234 admin@1234 admin#123 administrator1 root@123 root1234
	abc12345 abc123456 abcd1234 abcd@1234 abc@1234 abc@12345 abc@123456 a1b2c3d4 aa123456 aa123456! aa@123456 a123456! aa112233
	qwer1234 qwer@1234 qwer!234 qwerty123 qwerty123! qwerty@123 asdf1234 asdf@1234 zxcv1234 1qaz2wsx 1qaz@wsx 1qaz!qaz 1q2w3e4r
	1q2w3e4r! 1q2w3e4r5t !qaz2wsx !qaz@wsx zaq12wsx zaq1@wsx test1234 test@123 test@1234 welcome1 welcome1! welcome123 welcome@123
	iloveyou1 iloveyou1314 woaini1314 woaini520 woaini520! huawei@123 huawei12#$ changeme1 changeme123 changeme@123 letmein123
	gongdi123 gongdi@123 gongdi1234 jinsha123 jinsha@123 jinsha1234 guizhou123 guizhou@123 bijie123 bijie@123 china123 china@123
`)

// checkPassword refuses at a location of the body what the rules do not allow.
func checkPassword(location, password, username string, role model.Role) error {
	least, tooShort := passwordLeast, "密码至少 8 个字符"
	if role == model.RoleAdmin {
		least, tooShort = passwordLeastAdmin, "管理员密码至少 10 个字符"
	}
	lower := strings.ToLower(password)
	length := utf8.RuneCountInString(password)
	switch {
	case length < least:
		return ErrPasswordWeak.At(location, tooShort)
	case length > passwordMost:
		return ErrPasswordWeak.At(location, "密码最多 128 个字符")
	case classes(password) < passwordClasses:
		return ErrPasswordWeak.At(location, "密码应包含大写字母、小写字母、数字、其他字符中的至少三种")
	case strings.Contains(lower, username):
		return ErrPasswordWeak.At(location, "密码不能包含用户名")
	}
	for _, known := range common {
		if lower == known {
			return ErrPasswordWeak.At(location, "这个密码太常见，容易被猜到")
		}
	}
	return nil
}

func classes(password string) int {
	var lower, upper, digit, other int
	for _, r := range password {
		switch {
		case unicode.IsLower(r):
			lower = 1
		case unicode.IsUpper(r):
			upper = 1
		case unicode.IsDigit(r):
			digit = 1
		default:
			other = 1
		}
	}
	return lower + upper + digit + other
}
