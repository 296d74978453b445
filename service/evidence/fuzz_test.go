package evidence

import (
	"bytes"
	"testing"
)

func FuzzVerify(f *testing.F) {
	whole := keptBundle(f)
	f.Add(whole)
	f.Add(whole[:len(whole)/2])
	f.Add(unpack(f, whole).pack(f))
	f.Fuzz(func(t *testing.T, bundle []byte) {
		report, err := Verify(bytes.NewReader(bundle), int64(len(bundle)), nil)
		if err == nil && report.Sound() && report.Sealed.Ballots.ChainHead == "" {
			t.Error("sound, and nothing was sealed")
		}
	})
}

// FuzzFiles puts anything in the place of one file, the manifest made to fit.
func FuzzFiles(f *testing.F) {
	whole := unpack(f, keptBundle(f))
	for i, name := range whole.names {
		f.Add(i, whole.content[name])
	}
	f.Add(0, []byte(`{"rule":{"code":"willingness","quorum":{"num":1,"den":9223372036854775807}}}`))
	f.Add(2, []byte(`{"heads":-9223372036854775808,"area_m2":-92233720368547758.08}`+"\n"))
	f.Fuzz(func(t *testing.T, file int, content []byte) {
		if file < 0 || file >= len(whole.names) {
			return
		}
		p := &parcel{names: whole.names, content: map[string][]byte{}}
		for name, original := range whole.content {
			p.content[name] = original
		}
		name := whole.names[file]
		p.content[name] = content
		if name != manifestFile {
			p.amend(t)
		}
		report := verify(t, p.pack(t), nil)
		if name != explanationFile && report.Sound() && !bytes.Equal(content, whole.content[name]) {
			t.Errorf("%s was replaced and nobody noticed", name)
		}
	})
}
