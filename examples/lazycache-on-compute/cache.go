package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"sync"
	"time"
)

// diskCache keeps what was made in files, the least recently used of which go when there are too many bytes of them.
type diskCache struct {
	folder string
	limit  int64
	mutex  sync.Mutex
	making map[string]*made
}

// made is a picture in the making, for which other requests wait.
type made struct {
	done    chan struct{}
	picture []byte
	err     error
}

func openCache(folder string, limit int64) (*diskCache, error) {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, fmt.Errorf("CACHE_DIR can't be made: %w", err)
	}
	return &diskCache{folder: folder, limit: limit, making: map[string]*made{}}, nil
}

func key(bucket, name string, width int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%s\x00%d", bucket, name, width))
	return hex.EncodeToString(sum[:])
}

// get gives what the cache has, or makes it once, however many ask.
func (c *diskCache) get(key string, produce func() ([]byte, error)) (picture []byte, hit bool, err error) {
	path := filepath.Join(c.folder, key)
	if picture, err := os.ReadFile(path); err == nil {
		now := time.Now()
		os.Chtimes(path, now, now)
		return picture, true, nil
	}
	c.mutex.Lock()
	if other, found := c.making[key]; found {
		c.mutex.Unlock()
		<-other.done
		return other.picture, true, other.err
	}
	own := &made{done: make(chan struct{})}
	c.making[key] = own
	c.mutex.Unlock()

	own.picture, own.err = produce()
	if own.err == nil {
		own.err = c.keep(path, own.picture)
	}
	c.mutex.Lock()
	delete(c.making, key)
	c.mutex.Unlock()
	close(own.done)
	return own.picture, false, own.err
}

// keep writes a file under another name first: a picture that is cut off must not be served.
func (c *diskCache) keep(path string, picture []byte) error {
	file, err := os.CreateTemp(c.folder, ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	if _, err := file.Write(picture); err != nil {
		file.Close()
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	if err := os.Rename(file.Name(), path); err != nil {
		return err
	}
	c.prune()
	return nil
}

func (c *diskCache) prune() {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	files := c.files()
	sort.Slice(files, func(i, j int) bool { return files[i].ModTime().After(files[j].ModTime()) })
	var sum int64
	for _, file := range files {
		if sum += file.Size(); sum > c.limit {
			os.Remove(filepath.Join(c.folder, file.Name()))
		}
	}
}

func (c *diskCache) size() (entries int, bytes int64) {
	for _, file := range c.files() {
		entries, bytes = entries+1, bytes+file.Size()
	}
	return entries, bytes
}

func (c *diskCache) files() []os.FileInfo {
	entries, _ := os.ReadDir(c.folder)
	var files []os.FileInfo
	for _, entry := range entries {
		if info, err := entry.Info(); err == nil && info.Mode().IsRegular() && len(info.Name()) == 64 {
			files = append(files, info)
		}
	}
	return files
}
