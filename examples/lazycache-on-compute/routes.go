package main

import (
	"errors"
	"fmt"
	"log"
	"net/http"
	"strconv"
	"strings"
)

// maxWidth bounds what a request can make the server compute.
const maxWidth = 4096

func routes(bucket string, source *bucketSource, cache *diskCache) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintln(w, "ok")
	})
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		entries, bytes := cache.size()
		fmt.Fprintf(w, "lazycache of gs://%s: %d pictures, %d bytes\n", bucket, entries, bytes)
	})
	mux.HandleFunc("GET /images/{name...}", func(w http.ResponseWriter, r *http.Request) {
		name := r.PathValue("name")
		width, err := widthOf(r)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		picture, hit, err := cache.get(key(bucket, name, width), func() ([]byte, error) {
			return render(r.Context(), source, name, width)
		})
		if err != nil {
			fail(w, name, err)
			return
		}
		w.Header().Set("Content-Type", "image/jpeg")
		w.Header().Set("Cache-Control", "public, max-age=3600")
		w.Header().Set("X-Cache", map[bool]string{true: "hit", false: "miss"}[hit])
		w.Write(picture)
	})
	return mux
}

func widthOf(r *http.Request) (int, error) {
	text := r.URL.Query().Get("width")
	if text == "" {
		return 0, nil
	}
	width, err := strconv.Atoi(text)
	if err != nil || width < 1 || width > maxWidth {
		return 0, fmt.Errorf("width is %q: write a number of pixels from 1 to %d", text, maxWidth)
	}
	return width, nil
}

func fail(w http.ResponseWriter, name string, err error) {
	var status *statusError
	switch {
	case errors.As(err, &status) && status.code == http.StatusNotFound:
		http.Error(w, "there is no such picture", http.StatusNotFound)
	case errors.Is(err, errNoPicture):
		http.Error(w, err.Error(), http.StatusUnsupportedMediaType)
	default:
		log.Printf("%s: %v", strings.ReplaceAll(name, "\n", " "), err)
		http.Error(w, "the bucket can't be read", http.StatusBadGateway)
	}
}
