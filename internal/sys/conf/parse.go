// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package conf

import (
	"errors"
	"maps"
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"spate/internal/sys/errs"
	"spate/internal/sys/suggest"
)

// invalid is the error of a value that does not fit: it names the key, the value and what was expected.
func invalid(s *Spec, text, expected string) error {
	shown := "'" + text + "'"
	if IsSecret(s.Key) {
		shown = "(hidden)"
	}
	return errs.New(errs.InvalidOption, "configuration key `%s`: value %s is not valid; expected %s", s.Key, shown, expected)
}

func parseBool(s *Spec, text string) (bool, error) {
	switch {
	case strings.EqualFold(text, "true"):
		return true, nil
	case strings.EqualFold(text, "false"):
		return false, nil
	}
	return false, invalid(s, text, "true or false")
}

func parseInt(s *Spec, text string) (int, error) {
	n, err := parseInteger(s, text, 32)
	return int(n), err
}

func parseLong(s *Spec, text string) (int64, error) {
	return parseInteger(s, text, 64)
}

func parseInteger(s *Spec, text string, bits int) (int64, error) {
	if n, ok := s.Words[strings.ToLower(text)]; ok {
		return n, nil
	}
	low, high := int64(math.MinInt64), int64(math.MaxInt64)
	if bits == 32 {
		low, high = math.MinInt32, math.MaxInt32
	}
	if s.Max > s.Min {
		low, high = s.Min, s.Max
	}
	n, err := strconv.ParseInt(text, 10, bits)
	if err != nil || n < low || n > high {
		expected := "a whole number from " + strconv.FormatInt(low, 10) + " to " + strconv.FormatInt(high, 10)
		if len(s.Words) > 0 {
			expected += " or '" + strings.Join(slices.Sorted(maps.Keys(s.Words)), "' or '") + "'"
		}
		return 0, invalid(s, text, expected)
	}
	return n, nil
}

func parseDouble(s *Spec, text string) (float64, error) {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return 0, invalid(s, text, "a number")
	}
	return f, nil
}

func parseString(_ *Spec, text string) (string, error) { return text, nil }

func parseEnum(s *Spec, text string) (string, error) {
	for _, v := range s.Values {
		if strings.EqualFold(v, text) {
			return v, nil
		}
	}
	expected := "one of " + strings.Join(s.Values, ", ")
	if hint := suggest.Hint(text, s.Values); hint != "" {
		expected += "; " + hint
	}
	return "", invalid(s, text, expected)
}

func parseDuration(s *Spec, text string) (time.Duration, error) {
	d, err := ParseDuration(text)
	if err != nil {
		return 0, invalid(s, text, err.Error())
	}
	return d, nil
}

func parseMemory(s *Spec, text string) (MemorySize, error) {
	m, err := ParseMemory(text)
	if err != nil {
		return 0, invalid(s, text, err.Error())
	}
	return m, nil
}

// durationUnits maps every unit name that Flink knows to nanoseconds.
var durationUnits = map[string]int64{
	"d": int64(24 * time.Hour), "day": int64(24 * time.Hour), "days": int64(24 * time.Hour),
	"h": int64(time.Hour), "hour": int64(time.Hour), "hours": int64(time.Hour),
	"m": int64(time.Minute), "min": int64(time.Minute), "minute": int64(time.Minute), "minutes": int64(time.Minute),
	"s": int64(time.Second), "sec": int64(time.Second), "second": int64(time.Second), "seconds": int64(time.Second),
	"ms": int64(time.Millisecond), "milli": int64(time.Millisecond), "millis": int64(time.Millisecond),
	"millisecond": int64(time.Millisecond), "milliseconds": int64(time.Millisecond),
	"µs": int64(time.Microsecond), "micro": int64(time.Microsecond), "micros": int64(time.Microsecond),
	"microsecond": int64(time.Microsecond), "microseconds": int64(time.Microsecond),
	"ns": 1, "nano": 1, "nanos": 1, "nanosecond": 1, "nanoseconds": 1,
	"": int64(time.Millisecond),
}

// memoryUnits maps every unit name that Flink knows to bytes.
var memoryUnits = map[string]int64{
	"b": 1, "byte": 1, "bytes": 1, "": 1,
	"k": 1 << 10, "kb": 1 << 10, "kibibytes": 1 << 10,
	"m": 1 << 20, "mb": 1 << 20, "mebibytes": 1 << 20,
	"g": 1 << 30, "gb": 1 << 30, "gibibytes": 1 << 30,
	"t": 1 << 40, "tb": 1 << 40, "tebibytes": 1 << 40,
}

// ParseDuration reads a duration in Flink's notation: a whole number and a unit, milliseconds without one. The error says
// which form is expected. Table and connector options use the same notation.
func ParseDuration(text string) (time.Duration, error) {
	n, ok := parseQuantity(text, durationUnits)
	if !ok {
		return 0, errors.New("a whole number and a unit (ns, µs, ms, s, min, h, d), such as '5 s', '1 min' or '200 ms'")
	}
	return time.Duration(n), nil
}

// ParseMemory reads a memory size in Flink's notation: a whole number and a unit, bytes without one. The error says which
// form is expected.
func ParseMemory(text string) (MemorySize, error) {
	n, ok := parseQuantity(text, memoryUnits)
	if !ok {
		return 0, errors.New("a whole number and a unit (bytes, kb, mb, gb, tb), such as '64 mb'")
	}
	return MemorySize(n), nil
}

// parseQuantity reads digits and a unit, with or without blanks between them, and multiplies; false when the form is
// wrong, the unit unknown or the product too large.
func parseQuantity(text string, units map[string]int64) (int64, bool) {
	text = strings.TrimSpace(text)
	digits := 0
	for digits < len(text) && text[digits] >= '0' && text[digits] <= '9' {
		digits++
	}
	factor, known := units[strings.ToLower(strings.TrimSpace(text[digits:]))]
	if digits == 0 || !known {
		return 0, false
	}
	n, ok := new(big.Int).SetString(text[:digits], 10)
	if !ok || !n.Mul(n, big.NewInt(factor)).IsInt64() {
		return 0, false
	}
	return n.Int64(), true
}

func parseList(s *Spec, text string) ([]string, error) {
	items, err := splitQuoted(text, ';')
	if err != nil {
		return nil, invalid(s, text, err.Error())
	}
	out := items[:0]
	for _, item := range items {
		if item != "" {
			out = append(out, item)
		}
	}
	return out, nil
}

func parseMap(s *Spec, text string) (map[string]string, error) {
	pairs, err := splitQuoted(text, ',')
	if err != nil {
		return nil, invalid(s, text, err.Error())
	}
	out := make(map[string]string, len(pairs))
	for _, pair := range pairs {
		if pair == "" {
			continue
		}
		key, value, ok := strings.Cut(pair, ":")
		if !ok {
			return nil, invalid(s, text, "pairs 'key:value' parted by commas")
		}
		out[strings.TrimSpace(key)] = strings.TrimSpace(value)
	}
	return out, nil
}

// splitQuoted parts text at the separator outside of quotes, trims the parts and removes one pair of quotes around a
// whole part; a doubled quote inside quotes stands for itself.
func splitQuoted(text string, separator byte) ([]string, error) {
	var parts []string
	var part strings.Builder
	quote := byte(0)
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case quote != 0 && c == quote && i+1 < len(text) && text[i+1] == quote:
			part.WriteByte(c)
			i++
		case quote != 0 && c == quote:
			quote = 0
		case quote != 0:
			part.WriteByte(c)
		case (c == '\'' || c == '"') && strings.TrimSpace(part.String()) == "":
			quote = c
			part.Reset()
		case c == separator:
			parts = append(parts, strings.TrimSpace(part.String()))
			part.Reset()
		default:
			part.WriteByte(c)
		}
	}
	if quote != 0 {
		return nil, errors.New("a closing " + string(quote))
	}
	return append(parts, strings.TrimSpace(part.String())), nil
}
