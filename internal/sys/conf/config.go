// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package conf

import (
	"iter"
	"maps"
	"slices"
	"strings"

	"spate/internal/sys/errs"
	"spate/internal/sys/suggest"
)

// Config is a set of keys and values.
type Config struct {
	// values maps full keys to checked values in the notation of their kind.
	values map[string]string
}

// New returns an empty Config: every option has its default.
func New() *Config {
	return &Config{values: map[string]string{}}
}

// FromMap returns a Config of the given pairs, or the first error in the order of the keys.
func FromMap(pairs map[string]string) (*Config, error) {
	c := New()
	for _, key := range slices.Sorted(maps.Keys(pairs)) {
		if err := c.Set(key, pairs[key]); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// Set gives key the value. The error of an unknown key names the nearest known one; that of a value which does not fit
// names the key, the value and the expected form. Older names of a key set the key.
func (c *Config) Set(key, value string) error {
	key = Canonical(strings.TrimSpace(key))
	spec, err := find(key)
	if err != nil {
		return err
	}
	if spec.Kind != String {
		value = strings.TrimSpace(value)
	}
	if spec.Key == key { // A key below a map option holds one plain text.
		if err := spec.check(value); err != nil {
			return err
		}
	}
	c.values[key] = value
	return nil
}

// SetPair takes 'key=value', as flags give it.
func (c *Config) SetPair(pair string) error {
	key, value, ok := strings.Cut(pair, "=")
	if !ok {
		return errs.New(errs.InvalidOption, "'%s' is not a setting; expected key=value", pair)
	}
	return c.Set(key, value)
}

// Unset gives key its default again. The error of an unknown key is that of Set.
func (c *Config) Unset(key string) error {
	key = Canonical(strings.TrimSpace(key))
	if _, err := find(key); err != nil {
		return err
	}
	delete(c.values, key)
	return nil
}

// Clear gives all keys their defaults again.
func (c *Config) Clear() { clear(c.values) }

// Text returns the value of key as it was set, or its default, and whether it was set.
func (c *Config) Text(key string) (string, bool) {
	key = Canonical(key)
	if c != nil {
		if v, ok := c.values[key]; ok {
			return v, true
		}
	}
	if spec, err := find(key); err == nil && spec.Key == key {
		return spec.Default, false
	}
	return "", false
}

// All returns the keys that are set and their values, in the order of the keys. It does not hide secrets: see Shown.
func (c *Config) All() iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		if c == nil {
			return
		}
		for _, key := range slices.Sorted(maps.Keys(c.values)) {
			if !yield(key, c.values[key]) {
				return
			}
		}
	}
}

// Map returns a copy of the keys that are set and their values, for storage beside a job graph.
func (c *Config) Map() map[string]string {
	if c == nil {
		return map[string]string{}
	}
	return maps.Clone(c.values)
}

// Clone returns a Config with the same values that shares nothing with c.
func (c *Config) Clone() *Config {
	return &Config{values: c.Map()}
}

// lookup returns the text of the option and whether it is set. A map option is set by its own key, by keys below it, or both.
func (c *Config) lookup(spec *Spec) (string, bool) {
	if c == nil {
		return "", false
	}
	text, set := c.values[spec.Key]
	if spec.Kind != Map {
		return text, set
	}
	for key, value := range c.All() {
		if name, ok := strings.CutPrefix(key, spec.Key+"."); ok {
			if text != "" {
				text += ","
			}
			text += quote(name + ":" + value)
			set = true
		}
	}
	return text, set
}

// quote writes an item so that splitQuoted gives it back whole.
func quote(item string) string {
	return "'" + strings.ReplaceAll(item, "'", "''") + "'"
}

// find returns the spec that rules key: its own, or that of the map option it lies below.
func find(key string) (*Spec, error) {
	if spec, ok := registry()[key]; ok {
		return spec, nil
	}
	for at := strings.LastIndexByte(key, '.'); at > 0; at = strings.LastIndexByte(key[:at], '.') {
		if spec, ok := registry()[key[:at]]; ok && spec.Kind == Map {
			return spec, nil
		}
	}
	if spec := foreign(key); spec != nil {
		return spec, nil
	}
	if hint := suggest.Hint(key, Keys()); hint != "" {
		return nil, errs.New(errs.InvalidOption, "unknown configuration key `%s`; %s", key, hint)
	}
	return nil, errs.New(errs.InvalidOption, "unknown configuration key `%s`", key)
}

// secretWords mark a key or option as secret when its name holds one of them; the list is Flink's.
var secretWords = []string{
	"password", "secret", "fs.azure.account.key", "apikey", "api-key", "auth-params", "service-key", "token", "basic-auth",
	"jaas.config", "http-headers", "access-key", "accesskey",
}

// IsSecret says whether the value of a configuration key or connector option must not be shown.
func IsSecret(key string) bool {
	key = strings.ToLower(key)
	return slices.ContainsFunc(secretWords, func(word string) bool { return strings.Contains(key, word) })
}

// Shown returns value, or stars when the key is secret: what SET, SHOW CREATE, plans, logs and errors print.
func Shown(key, value string) string {
	if IsSecret(key) {
		return "******"
	}
	return value
}
