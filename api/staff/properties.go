package staff

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"gongdi/api"
	"gongdi/model"
	"gongdi/model/quantity"
	"gongdi/service/registry"
)

// HomeBody is a home as the office lists it.
type HomeBody struct {
	ID         string    `json:"id"`
	EstateID   string    `json:"estate_id"`
	Estate     string    `json:"estate"`
	Label      string    `json:"label"`
	Building   string    `json:"building"`
	Unit       string    `json:"unit"`
	Room       string    `json:"room"`
	Floor      *int      `json:"floor" nullable:"true"`
	Use        string    `json:"use" doc:"empty when it is not known"`
	Area       *api.Area `json:"area_m2" nullable:"true"`
	AreaSource string    `json:"area_source" doc:"registry, survey, contract, declared; empty when it is not known"`
	Tenure     string    `json:"tenure"`
	Incomplete string    `json:"incomplete" doc:"the finding that is still to be mended; empty for a sound home"`
	Version    int       `json:"version"`
	UpdatedAt  time.Time `json:"updated_at"`
}

// sheetBody is a home with its owners, masked.
type sheetBody struct {
	HomeBody
	LabelPrinted      string      `json:"label_printed" doc:"as the list has it"`
	FloorPrinted      string      `json:"floor_printed"`
	CertificateMasked string      `json:"certificate_masked"`
	Owners            []ownerBody `json:"owners"`
}

type ownerBody struct {
	ID             string `json:"id"`
	Kind           string `json:"kind" enum:"person,organisation,unknown"`
	NameMasked     string `json:"name_masked"`
	DocumentMasked string `json:"document_masked"`
	DocumentSound  bool   `json:"document_sound" doc:"whether it keeps GB 11643 or GB 32100"`
	PhoneMasked    string `json:"phone_masked"`
	Share          string `json:"share" doc:"such as 1/2; empty when it is not known"`
}

// HomePath names a home.
type HomePath struct {
	ID string `path:"id"`
}

func (h *handlers) properties(a *api.API) {
	const tag = "房屋档案"
	api.Handle(a, get("/properties", tag, "homes of one's area; incomplete ones to be mended", model.ReadRegistry), h.listHomes)
	api.Handle(a, h.onHome(get("/properties/{id}", tag, "a home, its owners masked", model.ReadRegistry)), h.showHome)
	api.Handle(a, h.onHome(route(http.MethodPatch, "/properties/{id}", tag, "complete or correct a home", model.EditRegistry)), h.correct)
	api.Handle(a, h.onHome(get("/properties/{id}/history", tag, "what was changed of a home, the latest first", model.ReadRegistry)), h.history)
	api.Handle(a, h.onHome(post("/properties/{id}/reveal", tag, "whose a home is, in full; logged with the reason", model.RevealPerson)), h.reveal)
}

// onHome puts a route under a home of the caller's area.
func (h *handlers) onHome(r api.Route) api.Route {
	r.Thing = func(ctx context.Context, caller model.Caller, param func(string) string) (any, error) {
		return nil, h.Registry.HasProperty(ctx, caller, param("id"))
	}
	return r
}

func (h *handlers) listHomes(ctx context.Context, in *struct {
	api.Page
	EstateID   string `query:"estate_id" maxLength:"64"`
	Building   string `query:"building" maxLength:"64"`
	Unit       string `query:"unit" maxLength:"64"`
	Room       string `query:"room" maxLength:"64"`
	Incomplete string `query:"incomplete" enum:"any,area_missing,area_invalid,area_not_positive,owner_missing,id_number_invalid,owner_id_mismatch"`
}) (*api.Body[api.List[HomeBody]], error) {
	homes, total, err := h.Registry.HomesOf(ctx, api.Caller(ctx), registry.Homes{
		EstateID: in.EstateID, Building: in.Building, Unit: in.Unit, Room: in.Room, Incomplete: in.Incomplete, Page: page(in.Page),
	})
	if err != nil {
		return nil, err
	}
	return api.Answer(api.ListOf(homes, total, homeOf)), nil
}

func (h *handlers) showHome(ctx context.Context, in *HomePath) (*api.Body[sheetBody], error) {
	return sheet(h.Registry.Home(ctx, api.Caller(ctx), in.ID))
}

type correctionBody struct {
	Area       *api.Area             `json:"area_m2,omitempty"`
	AreaSource *string               `json:"area_source,omitempty" enum:"registry,survey,contract,declared"`
	Owners     []ownerCorrectionBody `json:"owners,omitempty" maxItems:"200" doc:"all of them, in order"`
	Floor      *int                  `json:"floor,omitempty" minimum:"-99999" maximum:"999999"`
	Use        *string               `json:"use,omitempty" enum:"residential,mixed,commercial,office,parking,storage,other"`
	Version    *int                  `json:"version,omitempty" doc:"the one that was read; another's change since then is 409"`
	Reason     string                `json:"reason" minLength:"1" maxLength:"500"`
}

type ownerCorrectionBody struct {
	ID       string  `json:"id,omitempty" maxLength:"64" doc:"of the owner as stored; what is not given stays"`
	Name     string  `json:"name" minLength:"1" maxLength:"100"`
	Document *string `json:"document,omitempty" maxLength:"64" doc:"empty removes it"`
	Phone    *string `json:"phone,omitempty" maxLength:"40" doc:"empty removes it"`
	Share    *string `json:"share,omitempty" maxLength:"20" doc:"such as 1/2; empty removes it"`
}

func (h *handlers) correct(ctx context.Context, in *struct {
	HomePath
	Body correctionBody
}) (*api.Body[sheetBody], error) {
	return sheet(h.Registry.Correct(ctx, api.Caller(ctx), in.ID, in.Body.correction()))
}

func (b *correctionBody) correction() registry.Correction {
	c := registry.Correction{
		Area: (*quantity.Area)(b.Area), AreaSource: (*model.AreaSource)(b.AreaSource), Floor: b.Floor, Use: (*model.Use)(b.Use),
		Reason: b.Reason, Version: b.Version,
	}
	if b.Owners != nil {
		c.Owners = make([]registry.OwnerCorrection, 0, len(b.Owners))
	}
	for _, o := range b.Owners {
		c.Owners = append(c.Owners, registry.OwnerCorrection(o))
	}
	return c
}

type changeBody struct {
	ID       string    `json:"id"`
	Version  int       `json:"version"`
	At       time.Time `json:"at"`
	StaffID  string    `json:"staff_id"`
	ImportID string    `json:"import_id" doc:"of the list that brought it; empty when a person did"`
	Reason   string    `json:"reason"`
	Fields   []string  `json:"fields"`
	Before   stateBody `json:"before"`
	After    stateBody `json:"after"`
}

type stateBody struct {
	Area       *api.Area   `json:"area_m2" nullable:"true"`
	AreaSource string      `json:"area_source"`
	Floor      *int        `json:"floor" nullable:"true"`
	Use        string      `json:"use"`
	Incomplete string      `json:"incomplete"`
	Owners     []ownerBody `json:"owners"`
}

func (h *handlers) history(ctx context.Context, in *struct {
	HomePath
	api.Page
}) (*api.Body[api.List[changeBody]], error) {
	changes, total, err := h.Registry.HistoryOf(ctx, in.ID, page(in.Page))
	if err != nil {
		return nil, err
	}
	return api.Answer(api.ListOf(changes, total, func(c registry.Change) changeBody {
		return changeBody{
			ID: c.ID, Version: c.Version, At: api.Time(c.At), StaffID: c.StaffID, ImportID: c.ImportID, Reason: c.Reason,
			Fields: c.Fields, Before: state(c.Before), After: state(c.After),
		}
	})), nil
}

type revealedBody struct {
	Owners      []revealedOwnerBody `json:"owners"`
	Certificate string              `json:"certificate"`
	Note        string              `json:"note"`
}

type revealedOwnerBody struct {
	ID       string `json:"id"`
	Kind     string `json:"kind"`
	Name     string `json:"name"`
	Document string `json:"document"`
	Phone    string `json:"phone"`
	Share    string `json:"share"`
}

func (h *handlers) reveal(ctx context.Context, in *reasonBody) (*api.Body[revealedBody], error) {
	full, err := h.Registry.Reveal(ctx, api.Caller(ctx), in.ID, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	body := revealedBody{Owners: make([]revealedOwnerBody, 0, len(full.Owners)), Certificate: full.Certificate, Note: full.Note}
	for _, o := range full.Owners {
		body.Owners = append(body.Owners, revealedOwnerBody{
			ID: o.ID, Kind: string(o.Kind), Name: o.Name, Document: o.Document, Phone: o.Phone, Share: share(o),
		})
	}
	return api.Answer(body), nil
}

func homeOf(p registry.Property) HomeBody {
	return HomeBody{
		ID: p.ID, EstateID: p.EstateID, Estate: p.Estate, Label: p.Label, Building: p.Building, Unit: p.Unit, Room: p.Room,
		Floor: p.Floor, Use: string(p.Use), Area: api.AreaOf(p.Area), AreaSource: string(p.AreaSource), Tenure: string(p.Tenure),
		Incomplete: p.Incomplete, Version: p.Version, UpdatedAt: api.Time(p.UpdatedAt),
	}
}

func sheet(s registry.Sheet, err error) (*api.Body[sheetBody], error) {
	if err != nil {
		return nil, err
	}
	return api.Answer(sheetBody{
		HomeBody: homeOf(s.Property), LabelPrinted: s.LabelPrinted, FloorPrinted: s.FloorPrinted,
		CertificateMasked: s.CertificateMasked, Owners: owners(s.Owners),
	}), nil
}

func state(s registry.State) stateBody {
	return stateBody{
		Area: api.AreaOf(s.Area), AreaSource: string(s.AreaSource), Floor: s.Floor, Use: string(s.Use),
		Incomplete: s.Incomplete, Owners: owners(s.Owners),
	}
}

// owners are given masked, and told so by the names of their members.
func owners(masked []registry.Owner) []ownerBody {
	bodies := make([]ownerBody, 0, len(masked))
	for _, o := range masked {
		bodies = append(bodies, ownerBody{
			ID: o.ID, Kind: string(o.Kind), NameMasked: o.Name, DocumentMasked: o.Document, DocumentSound: o.Sound,
			PhoneMasked: o.Phone, Share: share(o),
		})
	}
	return bodies
}

func share(o registry.Owner) string {
	if o.ShareDen == 0 {
		return ""
	}
	return strconv.FormatInt(o.ShareNum, 10) + "/" + strconv.FormatInt(o.ShareDen, 10)
}
