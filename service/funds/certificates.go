package funds

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/document"
	"gongdi/service/fault"
	"gongdi/service/voting"
)

// ErrNothingToCertify says that there is neither a pledge that stands nor money.
var ErrNothingToCertify = fault.New(fault.Conflict, "nothing_to_certify", "没有有效的认缴，也没有到账，不能出具出资证明")

// mostCertificates of one file.
const mostCertificates = 3_000

const (
	pledgesOfHome = "FROM pledges p WHERE p.purpose_type = ? AND p.purpose_id = ? AND p.property_id = ?"
	pledgesOfOne  = "FROM pledges p WHERE p.id = ?"
	visiblePart   = ` AND (p.resident_id = ? OR p.property_id IN (SELECT b.property_id FROM bindings b
WHERE b.resident_id = ? AND b.relation = 'owner' AND b.status = 'verified' AND (b.until_at IS NULL OR b.until_at > ?)))`
)

// Certificate certifies what the contributor of a pledge has pledged and paid
// for its purpose: a household with all its pledges, with its owners' full
// names. That it left is logged.
func (s *Service) Certificate(ctx context.Context, caller model.Caller, of *model.Pledge) ([]document.Certificate, error) {
	out, err := s.certify(ctx, caller, of, "", func(o owner) string { return o.Name })
	if err != nil {
		return nil, err
	}
	return out, s.exported(ctx, caller, model.PrintPapers, aboutPledge(of.ID), of.AreaCode)
}

// OwnCertificate certifies to a resident what they see of their home's pledges.
// Of the owners only they themselves are named in full.
func (s *Service) OwnCertificate(ctx context.Context, caller model.Caller, of *model.Pledge) ([]document.Certificate, error) {
	var ties []struct{ OwnerID, Name string }
	if err := s.DB.Read(ctx).Raw(ownTies, caller.ID, of.PropertyID, s.now()).Scan(&ties).Error; err != nil {
		return nil, fmt.Errorf("find who asks for a certificate of pledge %s: %w", of.ID, err)
	}
	oneself := map[string]bool{} // by the owner's row that matched, and by name where the office looked
	for _, t := range ties {
		name, err := s.Vault.Reveal("binding.name", t.Name)
		if err != nil {
			return nil, fmt.Errorf("read who asks for a certificate of pledge %s: %w", of.ID, err)
		}
		oneself[t.OwnerID], oneself[name] = true, true
	}
	return s.certify(ctx, caller, of, visiblePart, func(o owner) string {
		if oneself[o.ID] || oneself[o.Name] {
			return o.Name
		}
		return o.NameMasked
	})
}

const ownTies = `SELECT b.owner_id, b.name FROM bindings b WHERE b.resident_id = ? AND b.property_id = ? AND b.relation = 'owner' AND b.status = 'verified'
AND (b.until_at IS NULL OR b.until_at > ?)`

func (s *Service) certify(ctx context.Context, caller model.Caller, of *model.Pledge, visible string, name func(owner) string) ([]document.Certificate, error) {
	from, args := pledgesOfOne, []any{of.ID}
	if of.PropertyID != "" {
		from, args = pledgesOfHome, []any{of.PurposeType, of.PurposeID, of.PropertyID}
	}
	if visible != "" {
		from, args = from+visible, append(args, caller.ID, caller.ID, s.now())
	}
	rows, _, err := s.pledges(ctx, from, args, 0, MostPrinted)
	if err != nil {
		return nil, err
	}
	p, err := purposeOf(s.DB.Read(ctx), model.Purpose{Type: of.PurposeType, ID: of.PurposeID})
	if err != nil {
		return nil, err
	}
	return s.certificates(ctx, caller, p, rows, name)
}

// CertificatesFor certifies everybody who pledged to a purpose; that they left
// is logged.
func (s *Service) CertificatesFor(ctx context.Context, caller model.Caller, p *Purpose) ([]document.Certificate, error) {
	rows, total, err := s.PledgesTo(ctx, p.Purpose, 0, MostRows)
	if err == nil {
		err = fits(total, MostRows)
	}
	if err != nil {
		return nil, err
	}
	out, err := s.certificates(ctx, caller, p, rows, func(o owner) string { return o.Name })
	if err == nil {
		err = fits(int64(len(out)), mostCertificates)
	}
	if err != nil {
		return nil, err
	}
	return out, s.exported(ctx, caller, model.PrintPapers, model.About{Type: "certificates_" + string(p.Type), ID: p.ID}, p.AreaCode)
}

// certificates makes one of each contributor, in the order of their first pledge.
func (s *Service) certificates(ctx context.Context, caller model.Caller, p *Purpose, rows []Pledged, name func(owner) string) ([]document.Certificate, error) {
	db := s.DB.Read(ctx)
	whole, state, err := s.frame(db, caller, p)
	if err != nil {
		return nil, err
	}
	owners, err := s.ownersTo(db, p.Purpose)
	if err != nil {
		return nil, err
	}
	moved, err := movedFor(db, rows)
	if err != nil {
		return nil, err
	}
	groups, order := map[string][]*Pledged{}, []string{}
	for i := range rows {
		key := cmp.Or(rows[i].PropertyID, rows[i].ID)
		if groups[key] == nil {
			order = append(order, key)
		}
		groups[key] = append(groups[key], &rows[i])
	}
	var out []document.Certificate
	for _, key := range order {
		c, first := whole, groups[key][0]
		c.Number = certificateNumber(&first.Pledge)
		if c.Home = first.Label; first.PropertyID == "" {
			c.Owners = []string{contributor(first.Contributor, first.Called)}
		} else if state != nil {
			share := state.share(first.PropertyID)
			c.Share = &share
		}
		for _, o := range owners[first.PropertyID] {
			c.Owners = append(c.Owners, name(o))
		}
		if certified(&c, groups[key], moved) {
			out = append(out, c)
		}
	}
	if len(out) == 0 {
		return nil, ErrNothingToCertify
	}
	return out, nil
}

// frame is what all certificates of a purpose have alike.
func (s *Service) frame(db *gorm.DB, caller model.Caller, p *Purpose) (document.Certificate, *planState, error) {
	c := document.Certificate{Purpose: p.Label, Lift: p.Type == model.ForLift, On: quantity.DateOf(s.now()), From: document.Provenance{At: s.now(), By: "住户在手机上自行下载"}}
	var area struct {
		Name string
		Type model.AreaType
	}
	if err := db.Raw("SELECT name, type FROM areas WHERE code = ?", p.AreaCode).Scan(&area).Error; err != nil {
		return c, nil, fmt.Errorf("name the issuer in area %s: %w", p.AreaCode, err)
	}
	c.Issuer = area.Name + voting.Conveners[area.Type]
	if caller.Kind == model.StaffSession {
		var err error
		if c.From, err = s.provenance(db, caller); err != nil {
			return c, nil, err
		}
	}
	state, err := s.stateOf(db, &model.Pledge{PurposeType: p.Type, PurposeID: p.ID})
	if state != nil {
		c.Scheme = fmt.Sprintf("%s（第 %d 版）", state.Plan.As.Title, state.Plan.As.Version)
	}
	return c, state, err
}

// certificateNumber stays the same however often a certificate is printed.
func certificateNumber(first *model.Pledge) string {
	return "CZ" + strings.ReplaceAll(string(quantity.DateOf(first.CreatedAt)), "-", "") + "-" + strings.ToUpper(first.ID[max(len(first.ID)-6, 0):])
}

// certified adds up what one contributor has pledged and paid; nothing of
// either is not certified.
func certified(c *document.Certificate, of []*Pledged, moved map[string][]model.Voucher) bool {
	parts := map[model.Source]*document.CertifiedPart{}
	part := func(source model.Source) *document.CertifiedPart {
		if parts[source] == nil {
			parts[source] = &document.CertifiedPart{Source: model.Sources[source], HousingFund: source == model.HousingFund}
		}
		return parts[source]
	}
	for _, p := range of {
		c.RefundDue += p.Standing.RefundDue
		for _, pledged := range p.Parts {
			if !p.Standing.over() {
				part(pledged.Source).Pledged += pledged.Amount
			}
		}
		for _, v := range moved[p.ID] {
			if v.Kind == model.Receipt {
				part(v.Source).In += v.Amount
			} else {
				part(v.Source).Back += v.Amount
			}
			c.Vouchers = append(c.Vouchers, document.CertifiedVoucher{On: v.OnDate, Kind: kindWords[v.Kind], Source: model.Sources[v.Source], Reference: v.Reference, Fen: v.Amount})
		}
	}
	for _, source := range model.SourceOrder {
		if parts[source] != nil {
			c.Parts = append(c.Parts, *parts[source])
		}
	}
	return len(parts) > 0
}

// What a reversal took back was never paid, so that neither is printed.
const movedForPledges = "SELECT * FROM vouchers WHERE pledge_id IN ? AND stage = 'booked' AND kind IN ('receipt', 'refund') ORDER BY on_date, checked_at, id"

// movedFor is what came in and went back for pledges, by pledge.
func movedFor(db *gorm.DB, of []Pledged) (map[string][]model.Voucher, error) {
	ids := make([]string, 0, len(of))
	for i := range of {
		ids = append(ids, of[i].ID)
	}
	out := map[string][]model.Voucher{}
	for some := range slices.Chunk(ids, atOnce) {
		var rows []model.Voucher
		if err := db.Raw(movedForPledges, some).Scan(&rows).Error; err != nil {
			return nil, fmt.Errorf("read what came in for pledges: %w", err)
		}
		for _, v := range rows {
			out[v.PledgeID] = append(out[v.PledgeID], v)
		}
	}
	return out, nil
}
