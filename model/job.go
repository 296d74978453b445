package model

import "time"

// Job is a long export that a member of staff asked for (导出任务).
type Job struct {
	ID         string `gorm:"primaryKey"`
	Kind       string
	Params     string // sealed JSON: what it is of, for a filter may name somebody
	StaffID    string
	Role       Role
	AreaCode   string
	Department string
	Stage      JobStage
	Done       int64
	Total      int64 // 0 until it is known
	Worker     string
	LeaseUntil *time.Time // of a running one: when another may take it up
	Tries      int
	Code       string // of what it failed with
	Detail     string
	FileID     string
	FileName   string
	FileSize   int64
	MadeAt     time.Time
	EndedAt    *time.Time
	ExpiresAt  *time.Time // when the file goes
}

// JobStage is how far a job has come.
type JobStage string

// The stages.
const (
	JobWaiting   JobStage = "waiting"
	JobRunning   JobStage = "running"
	JobDone      JobStage = "done"
	JobFailed    JobStage = "failed"
	JobCancelled JobStage = "cancelled"
	JobExpired   JobStage = "expired" // its file is gone
)

// Over reports whether a job goes on no further.
func (s JobStage) Over() bool { return s != JobWaiting && s != JobRunning }
