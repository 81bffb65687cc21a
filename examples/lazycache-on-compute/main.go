// Command lazycache serves the pictures of a Cloud Storage bucket, scaled to the width that is asked for, and keeps what it has
// made on disk.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"
)

func main() {
	if err := run(); err != nil {
		log.Fatal(err)
	}
}

func run() error {
	bucket := os.Getenv("BUCKET")
	if bucket == "" {
		return errors.New("BUCKET is empty: set it to the name of a Cloud Storage bucket")
	}
	limit, err := strconv.ParseInt(value("CACHE_MEGABYTES", "512"), 10, 64)
	if err != nil || limit < 1 {
		return fmt.Errorf("CACHE_MEGABYTES is %q: write a number of megabytes, 1 or more", os.Getenv("CACHE_MEGABYTES"))
	}
	cache, err := openCache(value("CACHE_DIR", "/cache"), limit<<20)
	if err != nil {
		return err
	}
	source := newBucket(bucket, value("STORAGE_ENDPOINT", "https://storage.googleapis.com"))
	server := &http.Server{
		Addr:              ":" + value("PORT", "5000"),
		Handler:           routes(bucket, source, cache),
		ReadHeaderTimeout: 10 * time.Second,
	}

	// Docker stops a container by SIGTERM: requests that are under way are answered first.
	stop, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- server.ListenAndServe() }()
	log.Printf("serving gs://%s on %s, cached below %s", bucket, server.Addr, cache.folder)
	select {
	case err := <-ended:
		return err
	case <-stop.Done():
	}
	wait, done := context.WithTimeout(context.Background(), 20*time.Second)
	defer done()
	return server.Shutdown(wait)
}

func value(name, fallback string) string {
	if given := os.Getenv(name); given != "" {
		return given
	}
	return fallback
}
