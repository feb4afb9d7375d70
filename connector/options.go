// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package connector

import (
	"strconv"
	"strings"
	"time"

	"spate/internal/sys/conf"
	"spate/internal/sys/errs"
)

// Options are the validated options of a table: key to text, as written. The typed getters panic on text that Validate would have
// refused; a factory that is only reached through Validate can use them freely.
type Options map[string]string

// Get returns the text of a key, or the default.
func (o Options) Get(key, def string) string {
	if v, ok := o[key]; ok {
		return v
	}
	return def
}

// Has tells whether the key is set.
func (o Options) Has(key string) bool {
	_, ok := o[key]
	return ok
}

// Bool returns the value of a BoolOption, or the default.
func (o Options) Bool(key string, def bool) bool {
	return typed(o, key, def, BoolOption, func(s string) (bool, error) { return strings.EqualFold(s, "true"), nil })
}

// Int returns the value of an IntOption, or the default.
func (o Options) Int(key string, def int) int {
	return typed(o, key, def, IntOption, strconv.Atoi)
}

// Long returns the value of a LongOption, or the default.
func (o Options) Long(key string, def int64) int64 {
	return typed(o, key, def, LongOption, func(s string) (int64, error) { return strconv.ParseInt(s, 10, 64) })
}

// Double returns the value of a DoubleOption, or the default.
func (o Options) Double(key string, def float64) float64 {
	return typed(o, key, def, DoubleOption, func(s string) (float64, error) { return strconv.ParseFloat(s, 64) })
}

// Duration returns the value of a DurationOption, or the default.
func (o Options) Duration(key string, def time.Duration) time.Duration {
	return typed(o, key, def, DurationOption, conf.ParseDuration)
}

// Size returns the value of a SizeOption in bytes, or the default.
func (o Options) Size(key string, def int64) int64 {
	return typed(o, key, def, SizeOption, func(s string) (int64, error) {
		m, err := conf.ParseMemory(s)
		return int64(m), err
	})
}

// Enum returns the value of an EnumOption as it is spelled among the given values, or the default.
func (o Options) Enum(key, def string, values ...string) string {
	s, ok := o[key]
	if !ok {
		return def
	}
	for _, v := range values {
		if strings.EqualFold(v, s) {
			return v
		}
	}
	panic("BUG: option '" + key + "' was not validated")
}

// WithPrefix returns the options whose key starts with the prefix, without it.
func (o Options) WithPrefix(prefix string) Options {
	out := Options{}
	for k, v := range o {
		if rest, ok := strings.CutPrefix(k, prefix); ok && rest != "" {
			out[rest] = v
		}
	}
	return out
}

func typed[T any](o Options, key string, def T, kind OptionKind, parse func(string) (T, error)) T {
	text, ok := o[key]
	if !ok {
		return def
	}
	text = strings.TrimSpace(text)
	if CheckValue(&Option{Key: key, Kind: kind}, text) != nil {
		panic("BUG: option '" + key + "' was not validated")
	}
	v, err := parse(text)
	if err != nil {
		panic("BUG: option '" + key + "' was not validated")
	}
	return v
}

// BadValue returns the error of an option whose value does not fit; expected says what would.
func BadValue(key, value, expected string) error {
	return errs.New(errs.InvalidOption, "option '%s': value '%s' is not valid; expected %s", key, conf.Shown(key, value), expected)
}

// CheckValue says whether the text is a value of the option.
func CheckValue(opt *Option, text string) error {
	trimmed := strings.TrimSpace(text)
	bad := func(expected string) error { return BadValue(opt.Key, text, expected) }
	switch opt.Kind {
	case StringOption:
	case BoolOption:
		if !strings.EqualFold(trimmed, "true") && !strings.EqualFold(trimmed, "false") {
			return bad("true or false")
		}
	case IntOption:
		if _, err := strconv.ParseInt(trimmed, 10, 32); err != nil {
			return bad("a whole number of at most 32 bits")
		}
	case LongOption:
		if _, err := strconv.ParseInt(trimmed, 10, 64); err != nil {
			return bad("a whole number")
		}
	case DoubleOption:
		if _, err := strconv.ParseFloat(trimmed, 64); err != nil {
			return bad("a number")
		}
	case DurationOption:
		if _, err := conf.ParseDuration(trimmed); err != nil {
			return bad(err.Error())
		}
	case SizeOption:
		if _, err := conf.ParseMemory(trimmed); err != nil {
			return bad(err.Error())
		}
	case EnumOption:
		for _, v := range opt.Enum {
			if strings.EqualFold(v, text) {
				return nil
			}
		}
		return bad("one of " + strings.Join(opt.Enum, ", ") + suffixHint(text, opt.Enum))
	}
	return nil
}
