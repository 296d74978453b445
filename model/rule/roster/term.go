package roster

import (
	"cmp"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Use is what a home is for (房屋用途). The empty use is «not given», which is
// taken for a dwelling where households are counted.
type Use string

// The uses.
const (
	Residential Use = "residential" // 住宅
	Mixed       Use = "mixed"       // 商住两用
	Commercial  Use = "commercial"  // 商铺
	Office      Use = "office"      // 办公
	Parking     Use = "parking"     // 车位, 车库
	Storage     Use = "storage"     // 储藏室
	OtherUse    Use = "other"       // 其他
)

// Tenure is how a home is held (产权性质). The empty tenure is «not given».
type Tenure string

// The tenures. All homes of the first two are one head of the developer's
// (judicial interpretation of 2020, art. 9).
const (
	DeveloperUnsold      Tenure = "developer_unsold"      // 建设单位未售
	DeveloperUndelivered Tenure = "developer_undelivered" // 已售未交付
	Private              Tenure = "private"               // 私有
	UnitOwned            Tenure = "unit"                  // 单位产权
	OtherTenure          Tenure = "other"                 // 其他
)

// Developer reports whether a home still counts to the developer's one head.
func (t Tenure) Developer() bool { return t == DeveloperUnsold || t == DeveloperUndelivered }

// AreaSource is where an area comes from (面积来源), in the order of the law
// (judicial interpretation of 2020, art. 8). The empty source is «not given».
type AreaSource string

// The sources of areas; only the first three are lawful in an owners' vote.
const (
	Registry AreaSource = "registry" // 不动产登记簿
	Survey   AreaSource = "survey"   // 实测
	Contract AreaSource = "contract" // 买卖合同
	Declared AreaSource = "declared" // 申报
)

// A word decides for a code when a text contains it; the first that does wins.
type word[T ~string] struct {
	code  T
	words []string
}

var uses = []word[Use]{
	{Mixed, []string{"商住", "住商", "商业住宅", "住宅兼", "兼住", "住改商", "下商上住"}},
	{Parking, []string{"车位", "车库", "停车", "泊位", "车棚"}},
	{Storage, []string{"储藏", "储物", "贮藏", "杂物", "杂屋", "地下室", "仓库", "仓储", "煤棚", "柴房", "煤房", "附属房"}},
	{Residential, []string{"住", "公寓", "宿舍", "民居", "别墅", "商品房", "家属房"}},
	{Office, []string{"办公", "写字", "商务"}},
	{Commercial, []string{"商", "铺", "门面", "门市", "店", "经营", "市场", "餐饮", "宾馆"}},
}

var tenures = []word[Tenure]{
	{DeveloperUndelivered, []string{"未交付", "未交房", "已售未交", "未移交"}},
	{DeveloperUnsold, []string{"未售", "未出售", "尚未出售", "未销售", "待售"}},
	{Private, []string{"私", "个人", "商品房", "房改", "自有", "经济适用", "集资", "安置房", "回迁"}},
	{UnitOwned, []string{"单位", "公房", "公有", "国有", "集体", "直管", "公产", "机关", "企业", "事业"}},
}

var areaSources = []word[AreaSource]{
	{Declared, []string{"申报", "自报", "自述", "住户报", "业主报", "估"}},
	{Survey, []string{"实测", "测绘", "测量", "丈量"}},
	{Contract, []string{"合同", "购房协议", "买卖协议"}},
	{Registry, []string{"登记", "产权证", "房产证", "不动产", "证载", "房权证", "权证", "产证", "证书"}},
}

func decide[T ~string](text string, table []word[T], otherwise T) T {
	if IsBlank(text) {
		return ""
	}
	s := Fold(text)
	for _, row := range table {
		for _, w := range row.words {
			if strings.Contains(s, w) || s == string(row.code) {
				return row.code
			}
		}
	}
	return otherwise
}

var (
	bothUses   = regexp.MustCompile(`住[^/、+和及兼,]*[/、+和及兼,](商|铺|门面|经营)|(商|铺|门面|经营)[^/、+和及兼,]*[/、+和及兼,]住`)
	notForHome = strings.NewReplacer("非住宅", "", "非居住", "")
)

// UseOf reads a use; what is written but unknown is OtherUse.
func UseOf(text string) Use {
	s := fold(text)
	if main := withoutBrackets(s); main != "" && notForHome.Replace(main) != "" {
		s = main
	}
	if bothUses.MatchString(s) {
		return Mixed
	}
	if rest := notForHome.Replace(s); rest != s {
		return cmp.Or(decide(rest, uses, OtherUse), OtherUse)
	}
	return decide(s, uses, OtherUse)
}

// TenureOf reads a tenure; what is written but unknown is OtherTenure.
func TenureOf(text string) Tenure { return decide(text, tenures, OtherTenure) }

// AreaSourceOf reads a source of areas; what is not understood is not given.
func AreaSourceOf(text string) AreaSource { return decide(text, areaSources, "") }

var (
	fullYear  = regexp.MustCompile(`(?:^|[^0-9])((?:18|19|20)[0-9]{2})(?:[^0-9]|$)`)
	shortYear = regexp.MustCompile(`^([5-9][0-9])年`)
	compact   = regexp.MustCompile(`^((?:19|20)[0-9]{2})(?:0[1-9]|1[0-2])(?:[0-3][0-9])?$`)
	serial    = regexp.MustCompile(`^[1-9][0-9]{4}(?:\.[0-9]+)?$`)
)

// BuiltYear reads a year of completion (建成年份): 1996, 1996年, 1996-05, 98年,
// or a day as cells count them from 1899-12-30.
func BuiltYear(text string) (int, bool) {
	s := plainNumber(fold(text))
	for _, form := range []*regexp.Regexp{fullYear, compact} {
		if m := form.FindStringSubmatch(s); m != nil {
			n, err := strconv.Atoi(m[1])
			return n, err == nil
		}
	}
	if m := shortYear.FindStringSubmatch(s); m != nil {
		n, err := strconv.Atoi(m[1])
		return 1900 + n, err == nil
	}
	if !serial.MatchString(s) {
		return 0, false
	}
	days, err := strconv.Atoi(s[:5])
	return time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, days).Year(), err == nil
}
