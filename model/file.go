package model

import "time"

// File is an upload: a scan, a certificate's picture. It is visible only with
// what it belongs to.
type File struct {
	ID        string `gorm:"primaryKey"`
	OwnerKind SessionKind
	OwnerID   string // who uploaded it
	MediaType string
	Size      int64
	Digest    string // SM3 of what was stored, in hexadecimal
	AboutType string // what it belongs to; empty until then
	AboutID   string
	CreatedAt time.Time
}

// About names the thing that a file belongs to.
type About struct{ Type, ID string }
