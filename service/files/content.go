package files

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"

	"github.com/gabriel-vasile/mimetype"
	_ "golang.org/x/image/webp" // reads pictures that phones send

	"gongdi/service/fault"
)

// What is refused of an upload.
var (
	ErrEmpty       = fault.New(fault.Invalid, "file_empty", "文件是空的，请重新选择")
	ErrTooLarge    = fault.New(fault.TooLarge, "file_too_large", "文件超过 20 MB，请压缩后再上传")
	ErrUnsupported = fault.New(fault.Invalid, "file_type_unsupported", "只能上传 JPEG、PNG、WebP 图片、PDF 文件或 MP3、AAC、M4A、AMR、WAV 录音")
	ErrHEIC        = fault.New(fault.Invalid, "file_type_heic", "暂不支持 HEIC 照片，请在手机相机设置中改为“兼容性最佳”（JPEG）后再拍")
	ErrDamaged     = fault.New(fault.Invalid, "file_damaged", "文件已损坏，打不开，请重新拍摄或扫描")
	ErrPicture     = fault.New(fault.Invalid, "picture_too_large", "图片尺寸过大，请缩小后再上传")
	ErrActive      = fault.New(fault.Invalid, "pdf_active", "PDF 文件中含有加密或可执行内容，请重新扫描")
)

// Limits of what is taken.
const (
	Largest   = 20 << 20
	longest   = 12_000     // pixels of a side
	mostArea  = 50_000_000 // pixels
	quality   = 88
	typeJPEG  = "image/jpeg"
	typePNG   = "image/png"
	typeWebP  = "image/webp" // kept as JPEG
	typePDF   = "application/pdf"
	pdfMarker = "%PDF-"
)

// clean judges a file by what it holds, whatever it is called, and gives what
// may be kept of it: of a picture its pixels, upright, and nothing else that
// the camera wrote, such as the place.
func clean(content []byte) (mediaType string, kept []byte, err error) {
	switch {
	case len(content) == 0:
		return "", nil, ErrEmpty
	case len(content) > Largest:
		return "", nil, ErrTooLarge
	}
	found := mimetype.Detect(content)
	switch {
	case found.Is(typeJPEG), found.Is(typeWebP):
		kept, err = picture(content, func(to *bytes.Buffer, i image.Image) error {
			return jpeg.Encode(to, upright(i, orientation(content)), &jpeg.Options{Quality: quality})
		})
		return typeJPEG, kept, err
	case found.Is(typePNG):
		kept, err = picture(content, func(to *bytes.Buffer, i image.Image) error { return png.Encode(to, i) })
		return typePNG, kept, err
	case sound(found) != "":
		return sound(found), content, nil
	case found.Is(typePDF):
		if err := passive(content); err != nil {
			return "", nil, err
		}
		return typePDF, content, nil
	case found.Is("image/heic"), found.Is("image/heif"), found.Is("image/heic-sequence"), found.Is("image/heif-sequence"):
		return "", nil, ErrHEIC
	}
	return "", nil, ErrUnsupported
}

// picture draws a picture anew, after its size was read and before it is
// decoded: a few bytes may claim a billion pixels.
func picture(content []byte, draw func(*bytes.Buffer, image.Image) error) ([]byte, error) {
	size, _, err := image.DecodeConfig(bytes.NewReader(content))
	if err != nil || size.Width <= 0 || size.Height <= 0 {
		return nil, ErrDamaged
	}
	if size.Width > longest || size.Height > longest || size.Width*size.Height > mostArea {
		return nil, ErrPicture
	}
	decoded, _, err := image.Decode(bytes.NewReader(content))
	if err != nil {
		return nil, ErrDamaged
	}
	var out bytes.Buffer
	if err := draw(&out, decoded); err != nil {
		return nil, fmt.Errorf("draw a picture: %w", err)
	}
	return out.Bytes(), nil
}

// sounds are the recordings that phones make (语音), by what they are kept as.
var sounds = map[string]string{
	"audio/mpeg": "audio/mpeg", "audio/aac": "audio/aac", "audio/x-m4a": "audio/mp4", "audio/mp4": "audio/mp4", "audio/amr": "audio/amr", "audio/wav": "audio/wav",
}

func sound(found *mimetype.MIME) string {
	for known, kept := range sounds {
		if found.Is(known) {
			return kept
		}
	}
	return ""
}

// passive refuses a PDF that does something when it is opened, or that nobody
// without a password can check.
func passive(content []byte) error {
	if !bytes.HasPrefix(content, []byte(pdfMarker)) || !bytes.Contains(content, []byte("%%EOF")) {
		return ErrDamaged
	}
	for _, active := range []string{"/JavaScript", "/JS ", "/JS(", "/Launch", "/EmbeddedFile", "/Encrypt"} {
		if bytes.Contains(content, []byte(active)) {
			return ErrActive
		}
	}
	return nil
}
