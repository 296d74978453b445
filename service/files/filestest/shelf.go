// Package filestest plays a bucket for tests of what keeps files in one.
package filestest

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Shelf is as much of an S3 server as a bucket of uploads asks of one.
type Shelf struct {
	mu      sync.Mutex
	Objects map[string][]byte
	Down    bool // refuses every call
}

// ServeHTTP answers for the bucket "uploads", to whoever signs with the key "access".
func (s *Shelf) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !strings.Contains(r.Header.Get("Authorization"), "Credential=access/") {
		refuse(w, http.StatusForbidden, "AccessDenied")
		return
	}
	bucket, key, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	held, there := s.Objects[key]
	switch {
	case s.Down:
		refuse(w, http.StatusForbidden, "AccessDenied")
	case bucket != "uploads":
		refuse(w, http.StatusNotFound, "NoSuchBucket")
	case r.URL.Query().Has("location"):
		_, _ = io.WriteString(w, `<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/"></LocationConstraint>`)
	case key == "":
		w.WriteHeader(http.StatusOK)
	case r.Method == http.MethodPut:
		content, err := body(r)
		if err != nil {
			refuse(w, http.StatusBadRequest, "IncompleteBody")
			return
		}
		s.Objects[key] = content
		w.Header().Set("ETag", `"x"`)
	case r.Method == http.MethodDelete:
		delete(s.Objects, key)
		w.WriteHeader(http.StatusNoContent)
	case !there:
		refuse(w, http.StatusNotFound, "NoSuchKey")
	default:
		w.Header().Set("ETag", `"x"`)
		w.Header().Set("Last-Modified", time.Unix(0, 0).UTC().Format(http.TimeFormat))
		w.Header().Set("Content-Length", strconv.Itoa(len(held)))
		_, _ = w.Write(held)
	}
}

func refuse(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", "application/xml")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, "<Error><Code>%s</Code></Error>", code)
}

// body reads what was put, signed in chunks or as it is.
func body(r *http.Request) ([]byte, error) {
	if !strings.HasPrefix(r.Header.Get("X-Amz-Content-Sha256"), "STREAMING-") {
		return io.ReadAll(r.Body)
	}
	var out []byte
	in := bufio.NewReader(r.Body)
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return nil, err
		}
		size, _, _ := strings.Cut(strings.TrimSpace(line), ";")
		n, err := strconv.ParseInt(size, 16, 64)
		if err != nil || n == 0 {
			return out, err
		}
		chunk := make([]byte, n+2)
		if _, err := io.ReadFull(in, chunk); err != nil {
			return nil, err
		}
		out = append(out, chunk[:n]...)
	}
}

// Names are what lies on the shelf, in any order.
func (s *Shelf) Names() (out []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for name := range s.Objects {
		out = append(out, name)
	}
	return out
}
