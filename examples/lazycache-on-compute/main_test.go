package main

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
)

// storage stands in for Cloud Storage: one bucket with one picture, half red and half blue.
func storage(t *testing.T, asked *atomic.Int64) *httptest.Server {
	picture := image.NewRGBA(image.Rect(0, 0, 100, 50))
	for y := range 50 {
		for x := range 100 {
			picture.Set(x, y, map[bool]color.RGBA{true: {255, 0, 0, 255}, false: {0, 0, 255, 255}}[x < 50])
		}
	}
	var encoded bytes.Buffer
	if err := png.Encode(&encoded, picture); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		switch r.URL.EscapedPath() {
		case "/storage/v1/b/pictures/o/dives%2F2016%2Ffirst.png":
			w.Write(encoded.Bytes())
		case "/storage/v1/b/pictures/o/notes.txt":
			w.Write([]byte("no picture"))
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(server.Close)
	return server
}

func start(t *testing.T, limit int64) (*httptest.Server, *atomic.Int64) {
	t.Setenv("GCE_METADATA_HOST", "127.0.0.1:1")
	var asked atomic.Int64
	cache, err := openCache(t.TempDir(), limit)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(routes("pictures", newBucket("pictures", storage(t, &asked).URL), cache))
	t.Cleanup(server.Close)
	return server, &asked
}

func get(t *testing.T, url string) (*http.Response, []byte) {
	answer, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer, body
}

func TestScalesAndKeeps(t *testing.T) {
	server, asked := start(t, 1<<20)
	for _, cached := range []string{"miss", "hit"} {
		answer, body := get(t, server.URL+"/images/dives/2016/first.png?width=20")
		if answer.StatusCode != 200 || answer.Header.Get("X-Cache") != cached {
			t.Fatalf("%d, %s", answer.StatusCode, answer.Header.Get("X-Cache"))
		}
		picture, err := jpeg.Decode(bytes.NewReader(body))
		if err != nil || picture.Bounds().Dx() != 20 || picture.Bounds().Dy() != 10 {
			t.Fatalf("%v, %v", err, picture)
		}
		left, _, _, _ := picture.At(2, 5).RGBA()
		right, _, _, _ := picture.At(17, 5).RGBA()
		if left < 0xd000 || right > 0x3000 {
			t.Fatalf("red is %x on the left, %x on the right", left, right)
		}
	}
	if asked.Load() != 1 {
		t.Fatalf("the bucket was asked %d times", asked.Load())
	}
}

func TestMakesOnce(t *testing.T) {
	server, asked := start(t, 1<<20)
	var all sync.WaitGroup
	for range 20 {
		all.Add(1)
		go func() {
			defer all.Done()
			get(t, server.URL+"/images/dives/2016/first.png")
		}()
	}
	all.Wait()
	if asked.Load() != 1 {
		t.Fatalf("the bucket was asked %d times", asked.Load())
	}
}

func TestForgetsTheOldest(t *testing.T) {
	server, asked := start(t, 1)
	for _, width := range []string{"10", "11", "10"} {
		get(t, server.URL+"/images/dives/2016/first.png?width="+width)
	}
	if asked.Load() != 3 {
		t.Fatalf("the bucket was asked %d times", asked.Load())
	}
}

func TestRefuses(t *testing.T) {
	server, _ := start(t, 1<<20)
	for path, status := range map[string]int{
		"/healthz":            200,
		"/images/nothing.png": 404,
		"/images/notes.txt":   415,
		"/images/dives/2016/first.png?width=wide":  400,
		"/images/dives/2016/first.png?width=99999": 400,
	} {
		if answer, body := get(t, server.URL+path); answer.StatusCode != status {
			t.Errorf("%s: %d %s", path, answer.StatusCode, body)
		}
	}
}
