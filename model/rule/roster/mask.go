package roster

import "strings"

var compoundSurnames = strings.Fields("欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠 公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 令狐 百里 呼延 东郭 南门 羊舌 微生 左丘 西门 第五")

// MaskName hides a name: 张*, 张*三, 欧阳**. A body keeps its first and last
// two characters, which are its place and its sort.
func MaskName(kind Kind, name string) string {
	r := []rune(name)
	switch {
	case len(r) == 0:
		return ""
	case kind == Organisation && len(r) > 4:
		return string(r[:2]) + "****" + string(r[len(r)-2:])
	case len(r) == 1:
		return "*"
	case len(r) > 2 && compound(name):
		return string(r[:2]) + strings.Repeat("*", min(len(r)-2, 4))
	case len(r) == 2:
		return string(r[:1]) + "*"
	}
	return string(r[:1]) + strings.Repeat("*", min(len(r)-2, 4)) + string(r[len(r)-1:])
}

func compound(name string) bool {
	for _, s := range compoundSurnames {
		if strings.HasPrefix(name, s) {
			return true
		}
	}
	return false
}

// MaskDocument keeps the first six and the last four characters, the county
// and what a clerk asks back; a shorter number keeps a third.
func MaskDocument(number string) string {
	r := []rune(number)
	if len(r) < 15 {
		return strings.Repeat("*", len(r)-len(r)/3) + string(r[len(r)-len(r)/3:])
	}
	return string(r[:6]) + strings.Repeat("*", 8) + string(r[len(r)-4:])
}

// MaskPhone gives 138****1234, and of a landline the area code and the last
// three digits.
func MaskPhone(phone string) string {
	r := []rune(phone)
	switch {
	case IsMobile(phone):
		return phone[:3] + "****" + phone[7:]
	case len(r) < 7:
		return strings.Repeat("*", len(r))
	case strings.HasPrefix(phone, "01"), strings.HasPrefix(phone, "02"):
		return string(r[:3]) + "****" + string(r[len(r)-3:])
	case r[0] == '0':
		return string(r[:4]) + "****" + string(r[len(r)-3:])
	}
	return "****" + string(r[len(r)-3:])
}

// MaskCertificate keeps the last four characters of a certificate's number
// (不动产权证号), the closing 号 not counted.
func MaskCertificate(number string) string {
	r := []rune(strings.TrimSuffix(number, "号"))
	if len(r) == 0 {
		return ""
	}
	return "****" + string(r[max(len(r)-4, len(r)/2):])
}
