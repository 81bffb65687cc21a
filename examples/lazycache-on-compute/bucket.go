package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"sync"
	"time"
)

// maxObject is how many bytes of an object are read.
const maxObject = 64 << 20

type statusError struct{ code int }

func (e *statusError) Error() string { return fmt.Sprintf("the bucket answered %d", e.code) }

// bucketSource reads objects with the account of the machine; without a metadata server, as nobody.
type bucketSource struct {
	bucket, endpoint string
	client           *http.Client
	mutex            sync.Mutex
	token            string
	expires          time.Time
}

func newBucket(bucket, endpoint string) *bucketSource {
	return &bucketSource{bucket: bucket, endpoint: endpoint, client: &http.Client{Timeout: 30 * time.Second}}
}

// read fetches an object as https://cloud.google.com/storage/docs/json_api/v1/objects/get has it.
func (s *bucketSource) read(ctx context.Context, name string) ([]byte, error) {
	at := fmt.Sprintf("%s/storage/v1/b/%s/o/%s?alt=media", s.endpoint, url.PathEscape(s.bucket), url.PathEscape(name))
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, at, nil)
	if err != nil {
		return nil, err
	}
	if token := s.accessToken(ctx); token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := s.client.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, &statusError{answer.StatusCode}
	}
	return io.ReadAll(io.LimitReader(answer.Body, maxObject))
}

func (s *bucketSource) accessToken(ctx context.Context) string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if time.Now().Before(s.expires) {
		return s.token
	}
	host := os.Getenv("GCE_METADATA_HOST")
	if host == "" {
		host = "metadata.google.internal"
	}
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	at := "http://" + host + "/computeMetadata/v1/instance/service-accounts/default/token"
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, at, nil)
	if err != nil {
		return ""
	}
	request.Header.Set("Metadata-Flavor", "Google")
	answer, err := s.client.Do(request)
	if err != nil {
		// Asked again in a while: each request would wait for it otherwise.
		s.token, s.expires = "", time.Now().Add(time.Minute)
		return ""
	}
	defer answer.Body.Close()
	var given struct {
		Token   string `json:"access_token"`
		Seconds int    `json:"expires_in"`
	}
	if json.NewDecoder(answer.Body).Decode(&given) != nil {
		return ""
	}
	s.token, s.expires = given.Token, time.Now().Add(time.Duration(given.Seconds-60)*time.Second)
	return s.token
}
