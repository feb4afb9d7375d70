// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package connector

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"spate/internal/sys/errs"
	"spate/internal/sys/suggest"
)

// ConnectorKey and FormatKey are the options that name the factory of a table and its format.
const (
	ConnectorKey = "connector"
	FormatKey    = "format"
)

// frameworkOptions are understood by the planner, whatever the connector.
var frameworkOptions = []Option{
	{Key: ConnectorKey, Doc: "Identifier of the connector."},
	{Key: "property-version", Kind: IntOption, Doc: "Version of the options; 1."},
	{
		Key: "scan.watermark.emit.strategy", Kind: EnumOption, Default: "on-periodic", Enum: []string{"on-periodic", "on-event"},
		Doc: "When watermarks are emitted: now and then, or after every row.",
	},
	{Key: "scan.watermark.idle-timeout", Kind: DurationOption, Doc: "After this long without a row a split does not hold back watermarks."},
	{Key: "scan.watermark.alignment.group", Doc: "Watermark alignment group."},
	{Key: "scan.watermark.alignment.max-drift", Kind: DurationOption, Doc: "Greatest drift within an alignment group."},
	{Key: "scan.watermark.alignment.update-interval", Kind: DurationOption, Default: "1 s", Doc: "How often aligned watermarks are exchanged."},
}

// FrameworkOptions lists the options that every table may have.
func FrameworkOptions() []Option { return slices.Clone(frameworkOptions) }

// Validate checks the options of a table against those that the connector, and its format, declare. It reports everything that
// is wrong at once: unknown keys with the nearest known one, missing required ones, and values of the wrong form; the error
// ends with the list of known options when a key is unknown or missing. formats may be nil for connectors without formats.
func Validate(f *Factory, formats Formats, options Options) error {
	known := slices.Concat(frameworkOptions, f.Options)
	var problems []error
	if f.UsesFormat {
		known = append(known, Option{Key: FormatKey, Required: true, Doc: "Identifier of the format."})
		if id, ok := options[FormatKey]; ok {
			format, err := formats.Format(id)
			if err != nil {
				return err
			}
			for _, o := range format.Options {
				o.Key = format.Identifier + "." + o.Key
				known = append(known, o)
			}
		}
	}
	names := make([]string, 0, len(known))
	for _, o := range known {
		if o.Prefix {
			names = append(names, o.Key+"#")
		} else {
			names = append(names, o.Key)
		}
	}
	keyProblem := false
	for _, key := range slices.Sorted(maps.Keys(options)) {
		opt := findOption(known, key)
		if opt == nil {
			keyProblem = true
			problems = append(problems, errs.New(errs.InvalidOption, "option '%s' is not known to connector '%s'%s",
				key, f.Identifier, suffixHint(key, names)))
		} else if !opt.Prefix {
			if err := CheckValue(opt, options[key]); err != nil {
				problems = append(problems, err)
			}
		}
	}
	for i := range known {
		if o := &known[i]; o.Required && !options.Has(o.Key) {
			keyProblem = true
			problems = append(problems, errs.New(errs.InvalidOption, "option '%s' is required by connector '%s'", o.Key, f.Identifier))
		}
	}
	if keyProblem {
		problems = append(problems, errs.New(errs.InvalidOption, "known options are: %s", suggest.Sorted(names)))
	}
	return errors.Join(problems...)
}

// FormatOptions returns the options of a format among those of a table, without the format's prefix.
func FormatOptions(format *Format, options Options) Options {
	return options.WithPrefix(format.Identifier + ".")
}

func findOption(known []Option, key string) *Option {
	for i := range known {
		o := &known[i]
		if o.Prefix && strings.HasPrefix(key, o.Key) && len(key) > len(o.Key) || !o.Prefix && o.Key == key {
			return o
		}
	}
	return nil
}

func suffixHint(word string, candidates []string) string {
	if h := suggest.Hint(word, candidates); h != "" {
		return "; " + h
	}
	return ""
}
