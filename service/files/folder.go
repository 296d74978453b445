package files

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strings"
)

// Folder keeps uploads as files of one folder, two characters of the id to a
// sub-folder. Whatever an id holds, nothing outside the folder is touched.
type Folder struct{ root *os.Root }

// OpenFolder opens "file:FOLDER", making it when it is missing.
func OpenFolder(address string) (*Folder, error) {
	kind, folder, _ := strings.Cut(address, ":")
	if kind != "file" || folder == "" {
		return nil, ErrAddress
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of files: %w", err)
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, fmt.Errorf("open the folder of files: %w", err)
	}
	return &Folder{root: root}, nil
}

// Close lets the folder go.
func (f *Folder) Close() error { return f.root.Close() }

func place(id string) (folder, name string) {
	folder = id
	if len(id) > 2 {
		folder = id[len(id)-2:] // the end is chance, the beginning the time
	}
	return folder, path.Join(folder, id)
}

// Put writes a file whole or not at all: it is on the disk when Put returns.
func (f *Folder) Put(_ context.Context, id string, content []byte) error {
	folder, name := place(id)
	if err := f.root.Remove(name + ".half"); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("write file %s: %w", id, err)
	}
	if err := f.root.Mkdir(folder, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("make a folder of files: %w", err)
	}
	half := name + ".half"
	file, err := f.root.OpenFile(half, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("write file %s: %w", id, err)
	}
	_, err = file.Write(content)
	if err = errors.Join(err, file.Sync(), file.Close()); err == nil {
		err = f.root.Rename(half, name)
	}
	if err != nil {
		return fmt.Errorf("write file %s: %w", id, errors.Join(err, f.root.Remove(half)))
	}
	return nil
}

// Get reads a file as it lies there.
func (f *Folder) Get(_ context.Context, id string) ([]byte, error) {
	_, name := place(id)
	content, err := f.root.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("read file %s: %w", id, err)
	}
	return content, nil
}

// Remove removes a file, and the half of one that a stop has left.
func (f *Folder) Remove(_ context.Context, id string) error {
	_, name := place(id)
	for _, one := range []string{name, name + ".half"} {
		if err := f.root.Remove(one); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove file %s: %w", id, err)
		}
	}
	return nil
}
