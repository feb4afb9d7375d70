// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package datagen

import (
	"encoding/binary"
	"math"
	"math/bits"
	"strconv"
	"time"

	"spate/batch"
	"spate/connector"
	"spate/internal/col/civil"
	"spate/internal/col/decimal"
	"spate/internal/formats/fill"
	"spate/internal/sys/errs"
	"spate/schema"
)

// Defaults, as Flink's.
const (
	defaultLength           = 100
	defaultCollectionLength = 3
	maxFieldLength          = 1 << 20
	maxMonths               = 120_000
	maxCount                = 10 // Of an element of a multiset.
)

// random makes a field of random values.
func (b *builder) random(path string, t *schema.Type) (f *field, err error) {
	f = &field{seed: b.seedOf(path)}
	if f.nullRate, err = b.double(path, "null-rate", 0); err != nil {
		return nil, err
	}
	if f.nullRate < 0 || f.nullRate > 1 {
		return nil, connector.BadValue(fieldsPrefix+path+".null-rate", strconv.FormatFloat(f.nullRate, 'g', -1, 64), "a number from 0 to 1")
	}
	switch t.Root {
	case schema.Boolean:
		f.fill = func(v *batch.Vector, keys []uint64, _ *env) {
			for _, k := range keys {
				v.AppendBool(mix(k)>>63 == 1)
			}
		}
	case schema.TinyInt:
		err = integers[int8](b, f, path, math.MinInt8, math.MaxInt8)
	case schema.SmallInt:
		err = integers[int16](b, f, path, math.MinInt16, math.MaxInt16)
	case schema.Int:
		err = integers[int32](b, f, path, math.MinInt32, math.MaxInt32)
	case schema.BigInt, schema.IntervalDayTime:
		err = integers[int64](b, f, path, math.MinInt64, math.MaxInt64)
	case schema.IntervalYearMonth:
		err = integers[int32](b, f, path, 0, maxMonths)
	case schema.Float:
		err = b.floats(f, path, math.SmallestNonzeroFloat32, math.MaxFloat32, func(v *batch.Vector, x float64) { batch.Append(v, float32(x)) })
	case schema.Double:
		err = b.floats(f, path, math.SmallestNonzeroFloat64, math.MaxFloat64, func(v *batch.Vector, x float64) { batch.Append(v, x) })
	case schema.Decimal:
		err = b.decimals(f, path, t)
	case schema.Char, schema.Varchar, schema.Binary, schema.Varbinary:
		err = b.texts(f, path, t)
	case schema.Date, schema.Time, schema.Timestamp, schema.TimestampLTZ, schema.TimestampTZ:
		err = b.times(f, path, t)
	case schema.Array, schema.Map, schema.Multiset:
		err = b.collection(f, path, t)
	case schema.Row:
		err = b.row(f, path, t)
	default:
		err = errs.New(errs.NotSupported, "the datagen connector cannot make values of type %s (column %s)", t, path)
	}
	return f, err
}

// between maps a draw to [low, low+span], span being the difference of two int64.
func between(r uint64, low int64, span uint64) int64 {
	if span == math.MaxUint64 {
		return int64(r)
	}
	hi, _ := bits.Mul64(r, span+1)
	return low + int64(hi)
}

func integers[T int8 | int16 | int32 | int64](b *builder, f *field, path string, low, high int64) error {
	least, most, err := b.longRange(path, low, high)
	if err != nil {
		return err
	}
	span := uint64(most - least)
	f.fill = func(v *batch.Vector, keys []uint64, _ *env) {
		first := v.Len()
		out := batch.Resize[T](v, first+len(keys))[first:]
		for i, k := range keys {
			out[i] = T(between(mix(k), least, span))
		}
		f.nulls(v, keys, first)
	}
	return nil
}

func (b *builder) floats(f *field, path string, low, high float64, put func(*batch.Vector, float64)) error {
	least, err := b.double(path, "min", low)
	if err != nil {
		return err
	}
	most, err := b.double(path, "max", high)
	if err != nil {
		return err
	}
	if !(least <= most) {
		return errs.New(errs.InvalidOption, "options '%s%s.min' and '.max': no range", fieldsPrefix, path)
	}
	f.fill = func(v *batch.Vector, keys []uint64, _ *env) {
		first := v.Len()
		for _, k := range keys {
			u := float64(mix(k)>>11) / (1 << 53)
			put(v, least*(1-u)+most*u) // Not least + u*(most-least), which may overflow.
		}
		f.nulls(v, keys, first)
	}
	return nil
}

// decimals draws from the whole range of a type, or the part between min and max.
func (b *builder) decimals(f *field, path string, t *schema.Type) error {
	largest := decimal.Sub(decimal.Pow10(t.Precision), decimal.FromInt64(1))
	limit := func(attribute string, def, clamp decimal.Int) (decimal.Int, error) {
		key, text, ok := b.option(path, attribute)
		if !ok {
			return def, nil
		}
		x, st := decimal.Parse([]byte(text), t.Precision, t.Scale)
		switch st {
		case decimal.Overflow:
			return clamp, nil
		case decimal.Malformed:
			return x, connector.BadValue(key, text, "a number")
		case decimal.OK:
		}
		return x, nil
	}
	least, err := limit("min", decimal.Int{}, decimal.Neg(largest))
	if err != nil {
		return err
	}
	most, err := limit("max", largest, largest)
	if err != nil {
		return err
	}
	if decimal.Less(most, least) {
		return errs.New(errs.InvalidOption, "options '%s%s.min' and '.max': no range", fieldsPrefix, path)
	}
	span := decimal.Sub(most, least)
	compact := t.Precision <= schema.MaxCompactDecimal
	f.fill = func(v *batch.Vector, keys []uint64, _ *env) {
		first := v.Len()
		for _, k := range keys {
			r := mix(k)
			if compact {
				batch.Append(v, between(r, int64(least.Lo), span.Lo))
				continue
			}
			// span * r / 2^64, then two more bits of width do not matter for made-up data.
			carry, _ := bits.Mul64(span.Lo, r)
			hi, lo := bits.Mul64(uint64(span.Hi), r)
			lo, c := bits.Add64(lo, carry, 0)
			batch.Append(v, decimal.Add(least, decimal.Int{Lo: lo, Hi: int64(hi + c)}))
		}
		f.nulls(v, keys, first)
	}
	return nil
}

// lengthOf reads length and var-len.
func (b *builder) lengthOf(path string, def int, variable bool) (length int, varies bool, err error) {
	n, err := b.long(path, "length", int64(def))
	if err != nil {
		return 0, false, err
	}
	if n < 0 || n > maxFieldLength {
		return 0, false, connector.BadValue(fieldsPrefix+path+".length", strconv.FormatInt(n, 10), "a number from 0 to "+strconv.Itoa(maxFieldLength))
	}
	if variable {
		varies, err = b.boolean(path, "var-len")
	}
	return int(n), varies, err
}

// texts makes hexadecimal texts, or bytes.
func (b *builder) texts(f *field, path string, t *schema.Type) error {
	def := t.Length
	if def == schema.MaxLength {
		def = defaultLength
	}
	length, varies := def, false
	if t.Root == schema.Varchar || t.Root == schema.Varbinary {
		var err error
		if length, varies, err = b.lengthOf(path, def, true); err != nil {
			return err
		}
		if length > t.Length {
			return connector.BadValue(fieldsPrefix+path+".length", strconv.Itoa(length), "at most the length of "+t.String())
		}
	}
	f.width = length
	isText := t.IsString()
	f.fill = func(v *batch.Vector, keys []uint64, _ *env) {
		first := v.Len()
		end := len(v.Data())
		off, data := v.ResizeBytes(first+len(keys), end+len(keys)*length)
		for i, k := range keys {
			n := length
			if varies && length > 1 {
				n = 1 + int(between(mix(k+golden), 0, uint64(length-2)))
			}
			letters(data[end:end+n], k, isText)
			end += n
			off[first+i+1] = int32(end)
		}
		v.TruncateData(end)
		f.nulls(v, keys, first)
	}
	return nil
}

const hexDigits = "0123456789abcdef"

// letters fills dst with random hexadecimal digits or bytes.
func letters(dst []byte, key uint64, hex bool) {
	per, shift, mask := 8, uint(8), uint64(0xFF)
	if hex {
		per, shift, mask = 16, 4, 0xF
	}
	for at, z := 0, key; at < len(dst); at += per {
		z += golden
		r := mix(z)
		for i := at; i < min(at+per, len(dst)); i++ {
			if hex {
				dst[i] = hexDigits[r&mask]
			} else {
				dst[i] = byte(r)
			}
			r >>= shift
		}
	}
}

// times takes the time from the clock, timestamps up to max-past ago.
func (b *builder) times(f *field, path string, t *schema.Type) error {
	var past time.Duration
	if t.IsTimestamp() {
		var err error
		if past, err = b.duration(path, "max-past"); err != nil {
			return err
		}
	}
	zone := b.zone
	f.fill = func(v *batch.Vector, keys []uint64, e *env) {
		first := v.Len()
		now := e.now
		_, offset := time.UnixMilli(now).In(zone).Zone()
		local := now + int64(offset)*civil.MillisPerSecond
		day := civil.FloorDiv(local, civil.MillisPerDay)
		for _, k := range keys {
			switch t.Root {
			case schema.Date:
				batch.Append(v, int32(day))
			case schema.Time:
				batch.Append(v, int32(local-day*civil.MillisPerDay))
			default:
				ago := int64(0)
				if past > 0 {
					ago = between(mix(k), 0, uint64(past.Milliseconds()))
				}
				fill.AppendTimestamp(v, (now-ago)*1000, 0)
			}
		}
		f.nulls(v, keys, first)
	}
	return nil
}

// collection makes arrays, maps and multisets of a fixed number of entries; entries of a map with equal keys are made one.
func (b *builder) collection(f *field, path string, t *schema.Type) error {
	length, _, err := b.lengthOf(path, defaultCollectionLength, false)
	if err != nil {
		return err
	}
	var kids []*field
	switch t.Root {
	case schema.Map:
		kids, err = b.kids([]string{path + ".key", path + ".value"}, []*schema.Type{t.Key, t.Elem})
	case schema.Array:
		kids, err = b.kids([]string{path + ".element"}, []*schema.Type{t.Elem})
	default:
		kids, err = b.kids([]string{path + ".element"}, []*schema.Type{t.Elem})
		kids = append(kids, &field{fill: func(v *batch.Vector, keys []uint64, _ *env) {
			for _, k := range keys {
				batch.Append(v, int32(between(mix(k^golden), 0, maxCount)))
			}
		}})
	}
	if err != nil {
		return err
	}
	for _, k := range kids {
		f.width = max(f.width, k.width*length)
	}
	f.width = max(f.width, length) // Elements count as bytes: they bound a batch, too.
	isMap := t.Root != schema.Array
	f.fill = func(v *batch.Vector, keys []uint64, e *env) {
		first := v.Len()
		inner := e.push(length)
		for _, k := range keys {
			start := v.Child(0).Len()
			for i := range inner {
				inner[i] = mix(k + uint64(i+1)*golden)
			}
			for c, kid := range kids {
				kid.fill(v.Child(c), inner, e)
			}
			if isMap {
				dropDuplicates(v, start)
			}
			v.EndList()
		}
		e.pop(length)
		f.nulls(v, keys, first)
	}
	return nil
}

// dropDuplicates cuts the entries from start on off at the first key that was there before. Random keys seldom meet, but for BOOLEAN and
// the like they do.
func dropDuplicates(v *batch.Vector, start int) {
	keys := v.Child(0)
	for i := start; i < keys.Len(); i++ {
		for j := start; j < i; j++ {
			if sameValue(keys.Value(i), keys.Value(j)) {
				fill.Truncate(keys, i)
				fill.Truncate(v.Child(1), i)
				return
			}
		}
	}
}

func sameValue(a, b schema.Value) bool {
	if a.Null || b.Null {
		return a.Null && b.Null
	}
	if a.I != b.I || a.F != b.F || a.Wide != b.Wide || a.Nanos != b.Nanos || a.S != b.S || len(a.Elems) != len(b.Elems) {
		return false
	}
	for i := range a.Elems {
		if !sameValue(a.Elems[i], b.Elems[i]) {
			return false
		}
	}
	return true
}

func (b *builder) kids(paths []string, types []*schema.Type) ([]*field, error) {
	var kids []*field
	for i, p := range paths {
		k, err := b.random(p, types[i])
		if err != nil {
			return nil, err
		}
		kids = append(kids, k)
	}
	return kids, nil
}

func (b *builder) row(f *field, path string, t *schema.Type) error {
	var paths []string
	for _, c := range t.Fields {
		paths = append(paths, path+"."+c.Name)
	}
	kids, err := b.kids(paths, t.Children())
	if err != nil {
		return err
	}
	for _, k := range kids {
		f.width = max(f.width, k.width)
	}
	f.fill = func(v *batch.Vector, keys []uint64, e *env) {
		first := v.Len()
		inner := e.push(len(keys))
		for c, kid := range kids {
			for i, k := range keys {
				inner[i] = mix(k ^ kid.seed)
			}
			kid.fill(v.Child(c), inner, e)
		}
		e.pop(len(keys))
		v.ResizeRows(first + len(keys))
		f.nulls(v, keys, first)
	}
	return nil
}

// sequence makes a field of consecutive numbers.
func (b *builder) sequence(path string, t *schema.Type) (*field, error) {
	low, high := int64(math.MinInt64), int64(math.MaxInt64)
	switch t.Root {
	case schema.TinyInt:
		low, high = math.MinInt8, math.MaxInt8
	case schema.SmallInt:
		low, high = math.MinInt16, math.MaxInt16
	case schema.Int:
		low, high = math.MinInt32, math.MaxInt32
	case schema.BigInt, schema.Float, schema.Double, schema.Char, schema.Varchar, schema.Binary, schema.Varbinary:
	case schema.Decimal:
		if whole := t.Precision - t.Scale; whole <= schema.MaxCompactDecimal {
			high = int64(decimal.Pow64(whole)) - 1
			low = -high
		}
	default:
		return nil, errs.New(errs.NotSupported, "the datagen connector cannot make a sequence of type %s (column %s)", t, path)
	}
	f := &field{sequence: true, width: len("-9223372036854775808")}
	var err error
	if f.start, err = b.long(path, "start", 0); err != nil {
		return nil, err
	}
	if f.end, err = b.long(path, "end", high-1); err != nil {
		return nil, err
	}
	if f.start < low || f.end > high || f.start > f.end || f.end-f.start < 0 {
		return nil, errs.New(errs.InvalidOption, "options '%s%s.start' and '.end': no range within %d and %d", fieldsPrefix, path, low, high)
	}
	return f, nil
}

// fillSequence appends the values of rows row, row+step, ...
func (f *field) fillSequence(v *batch.Vector, row, step int64, n int) {
	first := v.Len()
	x := f.start + row
	t := v.Type()
	switch v.Physical() {
	case schema.PhysInt8:
		progression(batch.Resize[int8](v, first+n)[first:], x, step)
	case schema.PhysInt16:
		progression(batch.Resize[int16](v, first+n)[first:], x, step)
	case schema.PhysInt32:
		progression(batch.Resize[int32](v, first+n)[first:], x, step)
	case schema.PhysFloat32:
		progression(batch.Resize[float32](v, first+n)[first:], x, step)
	case schema.PhysFloat64:
		progression(batch.Resize[float64](v, first+n)[first:], x, step)
	case schema.PhysInt64:
		unit := int64(decimal.Pow64(t.Scale)) // 1 unless DECIMAL.
		progression(batch.Resize[int64](v, first+n)[first:], x*unit, step*unit)
	case schema.PhysInt128:
		for range n {
			y, _ := decimal.Rescale(decimal.FromInt64(x), 0, t.Scale, t.Precision)
			batch.Append(v, y)
			x += step
		}
	default:
		var buf [32]byte
		for range n {
			if t.IsString() {
				v.AppendBytes(strconv.AppendInt(buf[:0], x, 10))
			} else {
				v.AppendBytes(binary.BigEndian.AppendUint64(buf[:0], uint64(x)))
			}
			x += step
		}
	}
}

func progression[T int8 | int16 | int32 | int64 | float32 | float64](out []T, x, step int64) {
	for i := range out {
		out[i] = T(x)
		x += step
	}
}
