package funds

import (
	"regexp"
	"slices"
	"strings"

	rule "gongdi/model/rule/roster"
)

// bankColumn is what a column of a bank's list holds.
type bankColumn int

const (
	dayColumn bankColumn = iota
	inColumn
	outColumn
	amountColumn
	signColumn
	payerColumn
	wordsColumn
	referenceColumn
)

// bankHeads are the names under which banks write the columns, the better ones
// first; several columns of words are read together.
var bankHeads = map[bankColumn][]string{
	dayColumn:    strings.Fields(`交易日期 交易日 交易时间 交易日期时间 交易日期/时间 记账日期 记账日 入账日期 入账时间 记账时间 到账日期 到账时间 账务日期 发生日期 业务日期 清算日期 收款日期 收款时间 日期 时间 date`),
	inColumn:     strings.Fields(`收入金额 收入 收入额 贷方发生额 贷方金额 贷方 贷方发生额/收入 贷方(收入) 贷 存入金额 存入 存入额 转入金额 转入 进账金额 入账金额 到账金额 收款金额 收方金额 收方发生额 来账金额 存款 credit`),
	outColumn:    strings.Fields(`支出金额 支出 支出额 借方发生额 借方金额 借方 借方发生额/支出 借 取出金额 支取金额 支取 转出金额 转出 付款金额 付方金额 付方发生额 往账金额 取款 debit`),
	amountColumn: strings.Fields(`交易金额 金额 发生额 交易发生额 发生金额 汇款金额 缴款金额 amount`),
	signColumn:   strings.Fields(`借贷标志 借贷 借/贷 借贷方向 借贷标识 借贷类型 收支 收/支 收支标志 收支类型 收支方向 交易方向 资金流向 往来标志 往账/来账 来往账标志 方向 dc`),
	payerColumn: strings.Fields(`对方户名 对方名称 对方账户名称 对方账户名 对方单位名称 对方单位 对方姓名 对方 对手户名 对手名称 对手方名称 交易对手 交易对手名称 交易对手户名 交易对方 交易对方名称 交易对方户名
付款人 付款人名称 付款人户名 付款人姓名 付款方 付款方名称 付款方户名 付款户名 付款账户名称 付款单位 汇款人 汇款人姓名 汇款人名称 缴款人 缴款人姓名 交款人 缴费人 客户名称 客户姓名 姓名 户名 payer`),
	wordsColumn: strings.Fields(`摘要 交易摘要 摘要说明 摘要信息 附言 交易附言 客户附言 转账附言 汇款附言 附言信息 用途 交易用途 汇款用途 款项用途 备注 交易备注 备注信息 说明 交易说明 留言 转账留言 资金用途 个性化信息 remark`),
	referenceColumn: strings.Fields(`交易流水号 流水号 银行流水号 核心流水号 业务流水号 账户明细编号-交易流水号 明细编号 交易参考号 参考号 业务参考号 系统参考号 交易编号 交易单号 交易号 业务编号 回单编号 回单号 电子回单号 回单号码 电子回单号码 业务单号
订单号 企业流水号 柜员流水号 主机流水号 平台流水号 凭证号 凭证号码 凭证编号 reference`),
}

var bankNames = func() map[string]bankColumn {
	out := map[string]bankColumn{}
	for what, names := range bankHeads {
		for _, name := range names {
			out[name] = what
		}
	}
	return out
}()

var (
	bracketed = regexp.MustCompile(`\([^()]*\)`)
	unitOfIt  = regexp.MustCompile(`/?(?:人民币|rmb)?元$|[*:：]`)
)

// headOf gives a heading without brackets, units and marks.
func headOf(cell string) string {
	s := bracketed.ReplaceAllString(rule.Fold(cell), "")
	return strings.Trim(unitOfIt.ReplaceAllString(s, ""), "\"'")
}

// bankColumns says which columns hold what.
type bankColumns map[bankColumn][]int

// first is the best column of a sort; -1 for none.
func (c bankColumns) first(what bankColumn) int {
	if at := c[what]; len(at) > 0 {
		return at[0]
	}
	return -1
}

// bankHeader finds the columns of a row of names; without a day and an amount
// it is none.
func bankHeader(cells []string) (bankColumns, bool) {
	found := bankColumns{}
	for i, cell := range cells {
		if len(cell) > 200 {
			continue
		}
		if what, known := bankNames[headOf(cell)]; known {
			found[what] = append(found[what], i)
		}
	}
	for what, at := range found {
		if what != wordsColumn {
			slices.SortStableFunc(at, func(a, b int) int {
				return slices.Index(bankHeads[what], headOf(cells[a])) - slices.Index(bankHeads[what], headOf(cells[b]))
			})
		}
	}
	money := len(found[inColumn]) > 0 || len(found[amountColumn]) > 0
	return found, len(found[dayColumn]) > 0 && money
}

// under is a header of two rows in one: what stands below counts.
func under(upper, lower []string) []string {
	out := slices.Clone(upper)
	for i, cell := range lower {
		switch {
		case i >= len(out):
			out = append(out, cell)
		case strings.TrimSpace(cell) != "":
			out[i] = cell
		}
	}
	return out
}

// onlyNames reports whether a row holds names of columns and nothing else.
func onlyNames(cells []string) bool {
	n := 0
	for _, cell := range cells {
		if strings.TrimSpace(cell) == "" {
			continue
		}
		if _, known := bankNames[headOf(cell)]; !known {
			return false
		}
		n++
	}
	return n > 0
}
