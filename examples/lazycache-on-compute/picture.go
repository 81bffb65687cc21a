package main

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	_ "image/gif"
	"image/jpeg"
	_ "image/png"
)

var errNoPicture = errors.New("it is no JPEG, PNG or GIF")

// maxPixels bounds the memory that a picture takes.
const maxPixels = 50_000_000

// render reads an object, scales it to a width, and encodes it as JPEG. Width 0 keeps the size.
func render(ctx context.Context, source *bucketSource, name string, width int) ([]byte, error) {
	object, err := source.read(ctx, name)
	if err != nil {
		return nil, err
	}
	config, _, err := image.DecodeConfig(bytes.NewReader(object))
	if err != nil || config.Width*config.Height > maxPixels {
		return nil, errNoPicture
	}
	picture, _, err := image.Decode(bytes.NewReader(object))
	if err != nil {
		return nil, errNoPicture
	}
	if width > 0 && width < config.Width {
		picture = scaled(picture, width)
	}
	var out bytes.Buffer
	err = jpeg.Encode(&out, picture, &jpeg.Options{Quality: 85})
	return out.Bytes(), err
}

// scaled makes each pixel the average of those that it stands for.
func scaled(from image.Image, width int) image.Image {
	bounds := from.Bounds()
	height := max(1, bounds.Dy()*width/bounds.Dx())
	to := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		top, bottom := span(y, height, bounds.Dy())
		for x := range width {
			left, right := span(x, width, bounds.Dx())
			var r, g, b, count uint64
			for v := top; v < bottom; v++ {
				for u := left; u < right; u++ {
					pr, pg, pb, _ := from.At(bounds.Min.X+u, bounds.Min.Y+v).RGBA()
					r, g, b, count = r+uint64(pr), g+uint64(pg), b+uint64(pb), count+1
				}
			}
			to.Set(x, y, color.RGBA64{uint16(r / count), uint16(g / count), uint16(b / count), 0xffff})
		}
	}
	return to
}

func span(at, of, size int) (int, int) {
	first := at * size / of
	return first, max(first+1, (at+1)*size/of)
}
