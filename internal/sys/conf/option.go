// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package conf

import (
	"time"
)

// Kind is the type of an option's value.
type Kind uint8

// The kinds, with the notation of their values.
const (
	// Bool is true or false, in any case.
	Bool Kind = iota
	// Int is a decimal number of 32 bits.
	Int
	// Long is a decimal number of 64 bits.
	Long
	// Double is a floating-point number.
	Double
	// String is any text.
	String
	// Enum is one of a list of words, in any case.
	Enum
	// Duration is a number and a unit, such as '5 s', '1 min' or '200 ms'; milliseconds without a unit.
	Duration
	// Memory is a number and a unit, such as '64 mb'; bytes without a unit. A kb is 1024 bytes.
	Memory
	// List is texts parted by semicolons.
	List
	// Map is pairs 'key:value' parted by commas, or one key of its own, 'option.key', for each pair.
	Map
)

var kindNames = [...]string{"boolean", "integer", "long", "double", "string", "enum", "duration", "memory size", "list", "map"}

// String returns the name of the kind as messages and documentation use it.
func (k Kind) String() string { return kindNames[k] }

// Spec describes one configuration key.
type Spec struct {
	// Key is the full name.
	Key string
	// Kind is the type of the value.
	Kind Kind
	// Default is the value of an unset key in the notation of its kind; "" means none (the zero value).
	Default string
	// Doc says what the key does, in sentences.
	Doc string
	// Values are the words of an Enum in their canonical case.
	Values []string
	// Min and Max bound an Int or Long when Max is greater than Min.
	Min, Max int64
	// Words are texts that an Int or Long accepts beside numbers, with what they stand for.
	Words map[string]int64
	// Inert says that this version accepts the key and does nothing with it.
	Inert bool
}

// MemorySize is a number of bytes.
type MemorySize int64

// Option is a configuration key whose value has the Go type T.
type Option[T any] struct {
	*Spec
	parse func(*Spec, string) (T, error)
}

// Get returns the option's value in c, or its default.
func (o Option[T]) Get(c *Config) T {
	v, _ := o.Lookup(c)
	return v
}

// Lookup returns the option's value in c and true, or its default and false when the key is not set in c.
func (o Option[T]) Lookup(c *Config) (T, bool) {
	text, set := c.lookup(o.Spec)
	if !set {
		text = o.Default
	}
	if text == "" && o.Kind != String {
		var zero T
		return zero, set
	}
	v, err := o.parse(o.Spec, text)
	if err != nil {
		panic("BUG: configuration holds a value that does not parse: " + err.Error())
	}
	return v, set
}

func boolOption(s Spec) Option[bool] {
	s.Kind = Bool
	return Option[bool]{&s, parseBool}
}

func intOption(s Spec) Option[int] {
	s.Kind = Int
	return Option[int]{&s, parseInt}
}

func longOption(s Spec) Option[int64] {
	s.Kind = Long
	return Option[int64]{&s, parseLong}
}

func doubleOption(s Spec) Option[float64] {
	s.Kind = Double
	return Option[float64]{&s, parseDouble}
}

func stringOption(s Spec) Option[string] {
	s.Kind = String
	return Option[string]{&s, parseString}
}

func enumOption(s Spec) Option[string] {
	s.Kind = Enum
	return Option[string]{&s, parseEnum}
}

func durationOption(s Spec) Option[time.Duration] {
	s.Kind = Duration
	return Option[time.Duration]{&s, parseDuration}
}

func memoryOption(s Spec) Option[MemorySize] {
	s.Kind = Memory
	return Option[MemorySize]{&s, parseMemory}
}

func listOption(s Spec) Option[[]string] {
	s.Kind = List
	return Option[[]string]{&s, parseList}
}

func mapOption(s Spec) Option[map[string]string] {
	s.Kind = Map
	return Option[map[string]string]{&s, parseMap}
}

// check reports whether text is a value of the spec's kind and range.
func (s *Spec) check(text string) error {
	var err error
	switch s.Kind {
	case Bool:
		_, err = parseBool(s, text)
	case Int:
		_, err = parseInt(s, text)
	case Long:
		_, err = parseLong(s, text)
	case Double:
		_, err = parseDouble(s, text)
	case Enum:
		_, err = parseEnum(s, text)
	case Duration:
		_, err = parseDuration(s, text)
	case Memory:
		_, err = parseMemory(s, text)
	case List:
		_, err = parseList(s, text)
	case Map:
		_, err = parseMap(s, text)
	case String:
	}
	return err
}
