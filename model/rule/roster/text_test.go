package roster

import (
	"errors"
	"math/big"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gongdi/model/quantity"
)

func TestAreasAreReadExactly(t *testing.T) {
	for _, c := range []struct {
		in   string
		want quantity.Area
		err  error
	}{
		{"104.94", 10494, nil},
		{"１１６．６２", 11662, nil},
		{"66.63㎡", 6663, nil},
		{"66.63 m²", 6663, nil},
		{"66.63平方米", 6663, nil},
		{"66.63平米", 6663, nil},
		{" 80 ", 8000, nil},
		{"1,234.5", 123450, nil},
		{"１，２３４．５㎡", 123450, nil},
		{"-52.35", -5235, nil},
		{"−52.35", -5235, nil},
		{"0", 0, nil},
		{"104.940", 10494, nil},
		{"104.93999999999999", 10494, nil},
		{"104.94000000000001", 10494, nil},
		{"99.999999999999", 10000, nil},
		{"1.0494E2", 10494, nil},
		{"1.0E-2", 1, nil},
		{"104.945", 0, quantity.ErrAreaFraction},
		{"104.94499999999999", 0, quantity.ErrAreaFraction},
		{"104.9401", 0, quantity.ErrAreaFraction},
		{"约80", 0, quantity.ErrAreaSyntax},
		{"80左右", 0, quantity.ErrAreaSyntax},
		{"80/75", 0, quantity.ErrAreaSyntax},
		{"104,94", 0, quantity.ErrAreaSyntax},
		{"八十", 0, quantity.ErrAreaSyntax},
		{"㎡", 0, quantity.ErrAreaSyntax},
		{"99999999999", 0, quantity.ErrAreaRange},
		{"", 0, ErrAreaBlank},
		{" / ", 0, ErrAreaBlank},
		{"——", 0, ErrAreaBlank},
	} {
		got, err := Area(c.in)
		if got != c.want || !errors.Is(err, c.err) {
			t.Errorf("Area(%q) = %d, %v; want %d, %v", c.in, got, err, c.want, c.err)
		}
	}
}

func TestABinaryFractionIsTheHundredthItWasMeantToBe(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		meant := quantity.Area(rapid.Int64Range(1, 99_999_999).Draw(t, "hundredths"))
		near := new(big.Float).SetPrec(53)
		if _, _, err := near.Parse(meant.String(), 10); err != nil {
			t.Fatal(err)
		}
		text := near.Text('f', rapid.IntRange(7, 20).Draw(t, "decimals"))
		if got, err := Area(text); err != nil || got != meant {
			t.Fatalf("Area(%q) = %d, %v; meant %d", text, got, err, meant)
		}
	})
}

func TestTelephoneNumbers(t *testing.T) {
	for _, c := range []struct {
		in, want string
		sound    bool
	}{
		{"19900000001", "19900000001", true},
		{"199 0000 0001", "19900000001", true},
		{"199-0000-0001", "19900000001", true},
		{"+86 19900000001", "19900000001", true},
		{"8619900000001", "19900000001", true},
		{"008619900000001", "19900000001", true},
		{"1.9900000001E10", "19900000001", true},
		{"19900000001.0", "19900000001", true},
		{"１９９００００００01", "19900000001", true},
		{"0857-7230000", "08577230000", true},
		{"（0857）7230000", "08577230000", true},
		{"7230000", "7230000", true},
		{"0857-7230000-801", "08577230000-801", true},
		{"7230000转801", "7230000-801", true},
		{"021-62300000", "02162300000", true},
		{"电话：7230000", "7230000", true},
		{"1990000000", "1990000000", false},
		{"12900000001", "12900000001", false},
		{"1234", "1234", false},
		{"199****0001", "199****0001", false},
	} {
		if got, sound := CleanPhone(c.in); got != c.want || sound != c.sound {
			t.Errorf("CleanPhone(%q) = %q, %v", c.in, got, sound)
		}
	}
}

func TestCoOwnersAreParted(t *testing.T) {
	for _, c := range []struct {
		in    string
		count int
		want  []string
	}{
		{"张三、李四", 2, []string{"张三", "李四"}},
		{"张三,李四，王五;赵六；钱七/孙八", 0, []string{"张三", "李四", "王五", "赵六", "钱七", "孙八"}},
		{"张三\n李四", 0, []string{"张三", "李四"}},
		{" 张三 ", 0, []string{"张三"}},
		{"张　三", 0, []string{"张三"}},
		{"张三 李四", 0, []string{"张三", "李四"}},
		{"张三 李四", 1, []string{"张三李四"}},
		{"欧阳 娜娜", 0, []string{"欧阳娜娜"}},
		{"John Smith", 0, []string{"John Smith"}},
		{"John Smith、张三", 2, []string{"John Smith", "张三"}},
		{"金沙县（鼓场）公司", 1, []string{"金沙县（鼓场）公司"}},
		{"张三、", 1, []string{"张三"}},
		{"不详", 0, nil},
		{"/", 0, nil},
		{"", 0, nil},
	} {
		if got := Names(c.in, c.count); !slices.Equal(got, c.want) {
			t.Errorf("Names(%q, %d) = %q, want %q", c.in, c.count, got, c.want)
		}
	}
}

func TestNumbersOfCoOwnersAreParted(t *testing.T) {
	for in, want := range map[string]string{
		"11010519491231002x、440524188001010014":  "11010519491231002X 440524188001010014",
		"11010519491231002X 440524188001010014":  "11010519491231002X 440524188001010014",
		"11010519491231002X\n440524188001010014": "11010519491231002X 440524188001010014",
		"110105 19491231 002X":                   "11010519491231002X",
		"无":                                      "",
		"":                                       "",
	} {
		if got := strings.Join(Documents(in), " "); got != want {
			t.Errorf("Documents(%q) = %q", in, got)
		}
	}
	phones, sound := Phones("19900000001 19900000002、0857-7230000")
	if want := []string{"19900000001", "19900000002", "08577230000"}; !slices.Equal(phones, want) || !sound {
		t.Errorf("phones %q, %v", phones, sound)
	}
	if _, sound := Phones("19900000001、1234"); sound {
		t.Error("one of them is no telephone's")
	}
	if phones, sound := Phones("无"); len(phones) > 0 || !sound {
		t.Error("no phone is no fault")
	}
}

func TestWordsOfTheListBecomeCodes(t *testing.T) {
	for in, want := range map[string]Use{
		"": "", "住宅": Residential, "成套住宅": Residential, "公寓": Residential, "单身宿舍": Residential, "住房": Residential,
		"住宅（含地下室）": Residential, "商品房": Residential, "商住": Mixed, "商住两用": Mixed, "住宅/商铺": Mixed, "商铺": Commercial, "门面": Commercial, "商业": Commercial,
		"非住宅": OtherUse, "非住宅（商铺）": Commercial, "办公": Office, "车位": Parking, "地下车库": Parking, "储藏室": Storage, "杂物间": Storage, "地下室": Storage,
		"幼儿园": OtherUse, "parking": Parking,
	} {
		if got := UseOf(in); got != want {
			t.Errorf("UseOf(%q) = %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]Tenure{
		"": "", "建设单位未售": DeveloperUnsold, "已售未交付": DeveloperUndelivered, "私有": Private, "房改房": Private,
		"单位产权": UnitOwned, "直管公房": UnitOwned, "共有": OtherTenure,
	} {
		if got := TenureOf(in); got != want {
			t.Errorf("TenureOf(%q) = %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]AreaSource{
		"": "", "登记": Registry, "不动产登记簿": Registry, "实测": Survey, "购房合同": Contract, "申报": Declared, "其他": "",
	} {
		if got := AreaSourceOf(in); got != want {
			t.Errorf("AreaSourceOf(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestYearsOfCompletion(t *testing.T) {
	for in, want := range map[string]int{
		"1996": 1996, "1996.0": 1996, "1996年": 1996, "1996-05": 1996, "1996/5/1": 1996, "1996年5月": 1996, "１９９６": 1996, "98年": 1998,
		"199605": 1996, "19960501": 1996, "35186": 1996, "36526.5": 2000, "2001": 2001,
	} {
		if got, ok := BuiltYear(in); !ok || got != want {
			t.Errorf("BuiltYear(%q) = %d, %v, want %d", in, got, ok, want)
		}
	}
	for _, in := range []string{"", "不详", "九十年代", "12"} {
		if got, ok := BuiltYear(in); ok {
			t.Errorf("BuiltYear(%q) = %d", in, got)
		}
	}
}

func TestWhatIsShownIsMasked(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{MaskName(Person, "张三"), "张*"},
		{MaskName(Person, "张小三"), "张*三"},
		{MaskName(Person, "欧阳娜娜"), "欧阳**"},
		{MaskName(Person, "欧阳娜"), "欧阳*"},
		{MaskName(Person, "张"), "*"},
		{MaskName(Person, ""), ""},
		{MaskName(Person, "John Smith"), "J****h"},
		{MaskName(Organisation, "金沙县粮食和物资储备服务中心"), "金沙****中心"},
		{MaskName(Organisation, "粮食局"), "粮*局"},
		{MaskDocument("11010519491231002X"), "110105********002X"},
		{MaskDocument("G12345678"), "******678"},
		{MaskDocument(""), ""},
		{MaskPhone("19900001234"), "199****1234"},
		{MaskPhone("08577230000"), "0857****000"},
		{MaskPhone("02162300000"), "021****000"},
		{MaskPhone("7230000"), "****000"},
		{MaskPhone("1234"), "****"},
		{MaskPhone(""), ""},
		{MaskCertificate("黔（2017）金沙县不动产权第0001234号"), "****1234"},
		{MaskCertificate(""), ""},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

func TestBlankMarksSayNothing(t *testing.T) {
	for _, in := range []string{"", " ", "　", "-", "—", "/", "无", "不详", "#N/A", "\u200b"} {
		if !IsBlank(in) {
			t.Errorf("%q says nothing", in)
		}
	}
	if got := Clean(" 张\u200b三\t 李\n四五 ", 6); got != "张三 李 四" {
		t.Errorf("Clean gave %q", got)
	}
	if got := PlaceName("金园小区 (一期)"); got != "金园小区（一期）" {
		t.Errorf("PlaceName gave %q", got)
	}
}

func FuzzTexts(f *testing.F) {
	for _, s := range []string{"104.93999999999999", "1E99", "-1,234.5㎡", "1栋1单元101", "一〇一", "B1", "张三 李四", "+86 199", "\xff", "十百千"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if a, err := Area(s); err == nil {
			if again, err := Area(a.String()); err != nil || again != a {
				t.Errorf("%d is written as %s and read as %d (%v)", a, a, again, err)
			}
		}
		h := Place(s, s, s)
		_ = SortKey(Key(h.Building, h.Unit, h.Room))
		_, _ = Floor(s)
		_, _ = BuiltYear(s)
		_ = MaskName(NameKind(s), s) + MaskDocument(s) + MaskPhone(s) + MaskCertificate(s)
		_ = Names(s, len(Documents(s)))
		phones, _ := Phones(s)
		for _, p := range phones {
			_ = MaskPhone(p)
		}
		_, _ = DocumentKind(CleanDocument(s), s, today)
		_, _, _ = UseOf(s), TenureOf(s), AreaSourceOf(s)
	})
}
