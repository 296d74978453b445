package files

import (
	"context"
	"errors"
	"strings"
)

// ErrAddress says that GONGDI_FILES names no store that is served.
var ErrAddress = errors.New("files address must be file:FOLDER or s3://BUCKET/PREFIX?endpoint=https://HOST")

// Place keeps uploads by their ids, sealed: a folder, or a bucket.
type Place interface {
	// Get is a file as it lies there, sealed; fs.ErrNotExist when it is not there.
	Get(ctx context.Context, id string) ([]byte, error)
	// Put keeps a file whole or not at all, in the place of one with its id. It
	// is kept for good when Put returns.
	Put(ctx context.Context, id string, content []byte) error
	// Remove forgets a file; one that is not there is no error.
	Remove(ctx context.Context, id string) error
	Close() error
}

// Keys open a bucket; a folder needs none.
type Keys struct{ Access, Secret string }

// Open opens what an address names: "file:FOLDER", made when it is missing, or
// "s3://BUCKET/PREFIX?endpoint=https://HOST&region=REGION", which must be there.
func Open(ctx context.Context, address string, keys Keys) (Place, error) {
	if strings.HasPrefix(address, "s3:") {
		return openBucket(ctx, address, keys)
	}
	return OpenFolder(address)
}
