// Package identity knows who somebody is: residents who log in with WeChat,
// accounts of the office, their sessions, and what they have agreed to. Who a
// resident is in the registry, only a binding says.
package identity

import (
	"cmp"
	"context"
	"time"

	"gongdi/service/audit"
	"gongdi/service/store"
	"gongdi/service/vault"
	"gongdi/service/wechat"
)

// Platform is the mini-program platform (微信小程序).
type Platform interface {
	// Login turns the code of a log-in into the person it stands for.
	Login(ctx context.Context, code string) (wechat.Session, error)
	// Phone turns the code of the phone button into the number.
	Phone(ctx context.Context, code string) (string, error)
}

// Service keeps residents, accounts and sessions. Tend is to be called about
// every half minute for as long as it serves requests.
type Service struct {
	DB       *store.DB
	Vault    *vault.Vault
	Audit    *audit.Log
	Platform Platform
	AppID    string // of the mini-program; openids are valid for one only
	Office   Office
	Now      func() time.Time

	// ResidentSession is how long a resident stays logged in after the last
	// use; zero is thirty days.
	ResidentSession time.Duration
	// StaffSession is how long a log-in of the office lasts at most; zero is
	// twelve hours.
	StaffSession time.Duration
	// StaffIdle ends a log-in of the office that is not used; zero is half an
	// hour. Use is noted to the minute, so an end may come so much early.
	StaffIdle time.Duration
	// RequireTOTP lets an account without a second factor do nothing but set
	// one up.
	RequireTOTP bool
	// Cost of hashing a password; zero is DefaultCost.
	Cost Cost

	recent recent
	seen   seen
}

// Office is who answers for personal data (个人信息处理者) in the privacy notice.
type Office struct {
	Name    string // "金沙县鼓场街道办事处"
	Contact string // a telephone or an address; the counter when empty
}

func (s *Service) now() time.Time { return s.Now().UTC().Truncate(time.Millisecond) }

func (s *Service) residentSession() time.Duration {
	return cmp.Or(s.ResidentSession, 30*24*time.Hour)
}

func (s *Service) staffSession() time.Duration { return cmp.Or(s.StaffSession, 12*time.Hour) }

func (s *Service) staffIdle() time.Duration { return cmp.Or(s.StaffIdle, 30*time.Minute) }
