// Package roster reads what street offices write into lists of owners: the
// numbers of documents, the labels of homes, areas, floors, names. It is pure;
// the workbook around these texts is somebody else's.
package roster

import (
	"strings"

	"gongdi/model/quantity"
)

// Kind says who an owner is before the law: a natural person or a body.
type Kind string

// The kinds of owners.
const (
	Person       Kind = "person"       // 自然人, known by a resident number
	Organisation Kind = "organisation" // 单位, known by a unified social credit code
)

// Check characters and weights of the two standards.
const (
	residentChecks       = "10X98765432"
	organisationAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
	numberLength         = 18
)

var (
	residentWeights     = [...]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	organisationWeights = [...]int{1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28}
)

// SoundResident reports whether a number keeps GB 11643-1999: 18 characters,
// a day of birth that exists and is not after today, and the check character.
// Residence permits of Hong Kong, Macao and Taiwan residents keep it too; the
// old numbers of 15 digits are void.
func SoundResident(number string, today quantity.Date) bool {
	if len(number) != numberLength || number[0] == '0' || !allDigits(number[:17]) {
		return false
	}
	sum := 0
	for i, w := range residentWeights {
		sum += w * int(number[i]-'0')
	}
	if number[17] != residentChecks[sum%11] {
		return false
	}
	born, err := quantity.ParseDate(number[6:10] + "-" + number[10:12] + "-" + number[12:14])
	return err == nil && born >= "1800-01-01" && born <= today
}

// SoundOrganisation reports whether a code keeps GB 32100-2015: 18 characters
// of an alphabet without I, O, S, V and Z, and the check character.
func SoundOrganisation(code string) bool {
	if len(code) != numberLength {
		return false
	}
	sum := 0
	for i := range numberLength {
		value := strings.IndexByte(organisationAlphabet, code[i])
		if value < 0 {
			return false
		}
		if i < len(organisationWeights) {
			sum += organisationWeights[i] * value
		}
	}
	return code[17] == organisationAlphabet[(31-sum%31)%31]
}

// DocumentKind says whose number it is, and false when it is nobody's. A
// number that happens to keep both standards is settled by the owner's name.
func DocumentKind(number, name string, today quantity.Date) (Kind, bool) {
	person, body := SoundResident(number, today), SoundOrganisation(number)
	switch {
	case person && body:
		return NameKind(name), true
	case person:
		return Person, true
	case body:
		return Organisation, true
	}
	return NameKind(name), false
}

// CleanDocument gives a document number as it is compared: half-width,
// upper-case, without spaces and punctuation around it. Marks for «none» give
// the empty text.
func CleanDocument(text string) string {
	s := strings.ToUpper(fold(text))
	if _, after, labelled := strings.Cut(s, ":"); labelled {
		s = after
	}
	s = strings.Trim(s, `'"“”‘’.。:`+"`")
	if IsBlank(s) {
		return ""
	}
	return s
}

var bodyEndings = []string{
	"公司", "集团", "中心", "委员会", "居委会", "村委会", "合作社", "联合社", "银行", "信用社", "学校", "中学",
	"小学", "幼儿园", "大学", "医院", "卫生院", "政府", "办事处", "街道办", "管理处", "留守处", "事务所", "服务站",
	"研究所", "派出所", "供销社", "法院", "检察院", "协会", "商会", "工会", "教会", "支行", "分行", "酒厂", "工厂",
	"总厂", "商行", "酒店", "宾馆", "超市", "门市部", "经营部", "总站", "大队", "财政局", "管理局", "粮食局",
}

// NameKind guesses from the name alone; it serves where no document number
// says more.
func NameKind(name string) Kind {
	n := len([]rune(name))
	for _, ending := range bodyEndings {
		if n > len([]rune(ending)) && strings.HasSuffix(bare(name), ending) {
			return Organisation
		}
	}
	if n > 4 && strings.ContainsAny(lastRune(bare(name)), "局厂院所社站处部店馆会校队") {
		return Organisation
	}
	return Person
}

func bare(name string) string { return strings.TrimRight(withoutBrackets(name), " 　") }

func lastRune(s string) string {
	r := []rune(s)
	if len(r) == 0 {
		return ""
	}
	return string(r[len(r)-1])
}
