package files

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"gongdi/service/fault"
)

// ErrUnavailable says that the bucket gives no answer: nothing was kept.
var ErrUnavailable = fault.New(fault.Unavailable, "files_unavailable", "文件暂时无法存取，请稍后再试")

const (
	bucketPatience = time.Minute // one file, with its retries
	bucketTries    = 3
)

// bucket keeps uploads as objects of a bucket that speaks S3 (OSS, COS, OBS,
// MinIO, …).
type bucket struct {
	client       *minio.Client
	name, prefix string
	idle         interface{ CloseIdleConnections() }
}

func openBucket(ctx context.Context, address string, keys Keys) (*bucket, error) {
	at, err := url.Parse(address)
	if err != nil || at.Host == "" || at.Scheme != "s3" {
		return nil, ErrAddress
	}
	endpoint, err := url.Parse(at.Query().Get("endpoint"))
	if err != nil || endpoint.Host == "" || endpoint.Scheme != "http" && endpoint.Scheme != "https" {
		return nil, ErrAddress
	}
	line, err := minio.DefaultTransport(endpoint.Scheme == "https")
	if err != nil {
		return nil, fmt.Errorf("prepare the line to the bucket: %w", err)
	}
	client, err := minio.New(endpoint.Host, &minio.Options{
		Creds: credentials.NewStaticV4(keys.Access, keys.Secret, ""), Secure: endpoint.Scheme == "https",
		Region: at.Query().Get("region"), Transport: line, MaxRetries: bucketTries,
	})
	if err != nil {
		return nil, fmt.Errorf("prepare the bucket: %w", err)
	}
	b := &bucket{client: client, name: at.Host, prefix: strings.Trim(at.Path, "/"), idle: line}
	ctx, cancel := context.WithTimeout(ctx, bucketPatience)
	defer cancel()
	there, err := client.BucketExists(ctx, b.name)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open bucket %s: %w", b.name, err), b.Close())
	}
	if !there {
		return nil, errors.Join(fmt.Errorf("there is no bucket %s", b.name), b.Close())
	}
	return b, nil
}

// Close lets the lines to the bucket go.
func (b *bucket) Close() error {
	b.idle.CloseIdleConnections()
	return nil
}

func (b *bucket) key(id string) string {
	_, name := place(id)
	return path.Join(b.prefix, name)
}

func (b *bucket) Get(ctx context.Context, id string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, bucketPatience)
	defer cancel()
	object, err := b.client.GetObject(ctx, b.name, b.key(id), minio.GetObjectOptions{})
	if err != nil {
		return nil, b.failed("read", id, err)
	}
	content, err := io.ReadAll(object)
	if err = errors.Join(err, object.Close()); err != nil {
		return nil, b.failed("read", id, err)
	}
	return content, nil
}

func (b *bucket) Put(ctx context.Context, id string, content []byte) error {
	ctx, cancel := context.WithTimeout(ctx, bucketPatience)
	defer cancel()
	_, err := b.client.PutObject(ctx, b.name, b.key(id), bytes.NewReader(content), int64(len(content)), minio.PutObjectOptions{
		ContentType: "application/octet-stream", DisableMultipart: true, SendContentMd5: true,
	})
	if err != nil {
		return b.failed("write", id, err)
	}
	return nil
}

func (b *bucket) Remove(ctx context.Context, id string) error {
	ctx, cancel := context.WithTimeout(ctx, bucketPatience)
	defer cancel()
	err := b.client.RemoveObject(ctx, b.name, b.key(id), minio.RemoveObjectOptions{})
	if err != nil && minio.ToErrorResponse(err).StatusCode != http.StatusNotFound {
		return b.failed("remove", id, err)
	}
	return nil
}

// failed tells what is not there from a bucket that is of no help.
func (b *bucket) failed(verb, id string, err error) error {
	var answer minio.ErrorResponse
	if errors.As(err, &answer) && answer.Code == minio.NoSuchKey {
		return fmt.Errorf("%s file %s: %w", verb, id, fs.ErrNotExist)
	}
	return fmt.Errorf("%w: %s file %s: %w", ErrUnavailable, verb, id, err)
}
