package voting

import (
	"fmt"
	"slices"
	"strings"

	"gorm.io/gorm"

	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/model/rule/vote"
	"gongdi/service/evidence"
	"gongdi/service/store"
)

// roll is a motion's list of voters (表决名册) as the registry has it now.
type roll struct {
	voters     []model.RollVoter
	owners     map[string][]model.Owner // by home
	properties []model.RollProperty
	digest     string
	area       quantity.Area
	incomplete []model.RollProperty
}

type rollHome struct {
	model.Property
	Building string
	Unit     string
}

const rollHomes = `SELECT p.*, b.label AS building, u.label AS unit
FROM properties p JOIN buildings b ON b.id = p.building_id JOIN units u ON u.id = p.unit_id
WHERE %s = ? ORDER BY p.sort_key, p.id`

const rollOwners = `SELECT o.id, o.property_id, o.position, o.name_masked, o.document_index
FROM owners o JOIN properties p ON p.id = o.property_id WHERE %s = ? ORDER BY o.property_id, o.position`

var scopeColumn = map[model.ScopeType]string{
	model.ScopeEstate:   "p.estate_id",
	model.ScopeBuilding: "p.building_id",
	model.ScopeUnit:     "p.unit_id",
}

// drawRoll makes the roll of a motion from the registry: who is one voter with
// which homes, and the fingerprint of it all.
func drawRoll(tx *gorm.DB, m *model.Motion) (*roll, error) {
	var homes []rollHome
	if err := tx.Raw(fmt.Sprintf(rollHomes, scopeColumn[m.ScopeType]), m.ScopeID).Scan(&homes).Error; err != nil {
		return nil, fmt.Errorf("read the homes of motion %s: %w", m.ID, err)
	}
	homes = slices.DeleteFunc(homes, func(h rollHome) bool { return !m.Takes(h.Use) })
	owners, err := ownersByHome(tx, m)
	if err != nil {
		return nil, err
	}
	return compose(m, homes, owners), nil
}

func ownersByHome(tx *gorm.DB, m *model.Motion) (map[string][]model.Owner, error) {
	var rows []model.Owner
	if err := tx.Raw(fmt.Sprintf(rollOwners, scopeColumn[m.ScopeType]), m.ScopeID).Scan(&rows).Error; err != nil {
		return nil, fmt.Errorf("read the owners of motion %s: %w", m.ID, err)
	}
	owners := make(map[string][]model.Owner)
	for _, o := range rows {
		owners[o.PropertyID] = append(owners[o.PropertyID], o)
	}
	return owners, nil
}

func compose(m *model.Motion, homes []rollHome, owners map[string][]model.Owner) *roll {
	parts, byID := make([]vote.Part, 0, len(homes)), make(map[string]rollHome, len(homes))
	for _, h := range homes {
		parts = append(parts, partOf(h, owners[h.ID]))
		byID[h.ID] = h
	}
	gather := vote.Heads
	if !m.OwnersVote() {
		gather = vote.Households
	}
	r := &roll{owners: owners}
	lines := make([]evidence.RollLine, 0, len(parts))
	for i, voter := range gather(parts) {
		row := model.RollVoter{
			MotionID: m.ID, ID: store.NewID(), Position: i + 1,
			Ref: evidence.NewRef(),
		}
		own := r.admit(&row, voter, byID, owners)
		lines = append(lines, rollLine(&row, own))
	}
	r.digest = evidence.RollDigest(m.ID, lines)
	return r
}

func rollLine(row *model.RollVoter, own []model.RollProperty) evidence.RollLine {
	return evidence.RollLine{
		Ref: row.Ref, Heads: 1, Area: evidence.Area(row.Area), Incomplete: row.Incomplete, Parts: evidence.PartsDigest(own),
	}
}

// admit adds a voter with its properties; where a voter's homes lie in several
// buildings, it counts in the first one's.
func (r *roll) admit(row *model.RollVoter, voter vote.Voter, homes map[string]rollHome, owners map[string][]model.Owner) []model.RollProperty {
	own := make([]model.RollProperty, 0, len(voter.Parts))
	for _, part := range voter.Parts {
		p := rollProperty(homes[part.ID], owners[part.ID])
		p.MotionID, p.VoterID, p.Position = row.MotionID, row.ID, len(r.properties)+len(own)+1
		if p.Incomplete != "" {
			r.incomplete = append(r.incomplete, p)
		}
		own = append(own, p)
	}
	describe(row, own, owners)
	r.area += row.Area
	r.voters = append(r.voters, *row)
	r.properties = append(r.properties, own...)
	return own
}

func rollProperty(h rollHome, owners []model.Owner) model.RollProperty {
	ids := make([]string, 0, len(owners))
	for _, o := range owners {
		ids = append(ids, o.ID)
	}
	return model.RollProperty{
		PropertyID: h.ID, Label: h.Label, Building: h.Building, Unit: h.Unit, Use: h.Use,
		Area: h.Area, AreaSource: h.AreaSource, Incomplete: h.Incomplete, OwnerIDs: strings.Join(ids, ","),
	}
}

// describe sets what a voter's row says of the homes it stands for.
func describe(row *model.RollVoter, own []model.RollProperty, owners map[string][]model.Owner) {
	var masked []string
	row.Building, row.Unit, row.Area, row.Incomplete = own[0].Building, own[0].Unit, 0, false
	for _, p := range own {
		for _, o := range owners[p.PropertyID] {
			if o.NameMasked != "" && !slices.Contains(masked, o.NameMasked) {
				masked = append(masked, o.NameMasked)
			}
		}
		if p.Area != nil {
			row.Area += *p.Area
		}
		row.Incomplete = row.Incomplete || p.Incomplete != ""
	}
	row.OwnersMasked = clip(strings.Join(masked, "、"), 400)
}

func partOf(h rollHome, owners []model.Owner) vote.Part {
	part := vote.Part{ID: h.ID, Developer: h.Tenure.Developer(), Known: len(owners) > 0}
	if h.Area != nil {
		part.Area = *h.Area
	}
	for _, o := range owners {
		part.Owners = append(part.Owners, o.DocumentIndex)
		part.Known = part.Known && o.DocumentIndex != ""
	}
	return part
}

// batch keeps a statement's placeholders below every engine's limit.
const batch = 500

// freeze stores the roll; from here on the registry may change without it.
func (r *roll) freeze(tx *gorm.DB) error {
	if err := tx.CreateInBatches(r.voters, batch).Error; err != nil {
		return fmt.Errorf("freeze the roll's voters: %w", err)
	}
	if err := tx.CreateInBatches(r.properties, batch).Error; err != nil {
		return fmt.Errorf("freeze the roll's properties: %w", err)
	}
	return nil
}

func clip(s string, runes int) string {
	if r := []rune(s); len(r) > runes {
		return string(r[:runes-1]) + "…"
	}
	return s
}
