// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package conf_test

import (
	"errors"
	"maps"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"spate/internal/sys/conf"
	"spate/internal/sys/errs"
)

func TestDefaults(t *testing.T) {
	for _, c := range []*conf.Config{nil, conf.New()} {
		check(t, conf.ParallelismDefault.Get(c), 1)
		check(t, conf.BufferTimeout.Get(c), 5*time.Millisecond)
		check(t, conf.OperatorChaining.Get(c), true)
		check(t, conf.PipelineName.Get(c), "")
		check(t, conf.CheckpointInterval.Get(c), 0)
		check(t, conf.LocalTimeZone.Get(c), "default")
		check(t, conf.ExponentialDelayMultiplier.Get(c), 1.5)
		check(t, conf.ExponentialDelayAttempts.Get(c), math.MaxInt32)
		check(t, conf.MiniBatchSize.Get(c), int64(-1))
		check(t, conf.MemoryLimit.Get(c), 0)
		check(t, len(conf.GlobalJobParameters.Get(c)), 0)
		if _, set := conf.MiniBatchEnabled.Lookup(c); set {
			t.Error("an unset option reads as set")
		}
	}
}

func TestSetAndGet(t *testing.T) {
	c := conf.New()
	for _, s := range [][2]string{
		{"parallelism.default", " 4 "},
		{"execution.runtime-mode", "batch"},
		{"table.exec.mini-batch.enabled", "FALSE"},
		{"table.exec.source.idle-timeout", "1min"},
		{"spate.memory.limit", "64 mb"},
		{"restart-strategy.exponential-delay.attempts-before-reset-backoff", "Infinite"},
		{"pipeline.name", " a job "},
		{"table.column-expansion-strategy", "a; 'b;c' ;;d"},
		{"pipeline.global-job-parameters", "a:1, 'b:x,y'"},
		{"pipeline.global-job-parameters.c.d", "it's, 3"},
		{"state.checkpoints.dir", "file:///tmp/c"},
		{"table.exec.async-lookup.timeout", "3 min"},
		{"taskmanager.numberOfTaskSlots", "4"},
	} {
		if err := c.Set(s[0], s[1]); err != nil {
			t.Fatal(err)
		}
	}
	check(t, conf.ParallelismDefault.Get(c), 4)
	check(t, conf.RuntimeMode.Get(c), "BATCH")
	check(t, conf.SourceIdleTimeout.Get(c), time.Minute)
	check(t, conf.MemoryLimit.Get(c), 64<<20)
	check(t, conf.ExponentialDelayAttempts.Get(c), math.MaxInt32)
	check(t, conf.PipelineName.Get(c), " a job ")
	check(t, strings.Join(conf.ColumnExpansion.Get(c), "|"), "a|b;c|d")
	check(t, conf.CheckpointDir.Get(c), "file:///tmp/c")
	if got, want := conf.GlobalJobParameters.Get(c), map[string]string{"a": "1", "b": "x,y", "c.d": "it's, 3"}; !maps.Equal(got, want) {
		t.Errorf("map option reads %v, want %v", got, want)
	}
	if on, set := conf.MiniBatchEnabled.Lookup(c); on || !set {
		t.Errorf("false set explicitly reads %v, set %v", on, set)
	}
	if err := c.Unset("table.exec.mini-batch.enabled"); err != nil {
		t.Fatal(err)
	}
	if _, set := conf.MiniBatchEnabled.Lookup(c); set {
		t.Error("an option is set after Unset")
	}
}

func TestErrorsNameKeyValueAndForm(t *testing.T) {
	for _, c := range []struct{ key, value, want string }{
		{"parallelism.default", "two", "configuration key `parallelism.default`: value 'two' is not valid; expected a whole number from 1 to 32768"},
		{"parallelism.default", "0", "value '0' is not valid; expected a whole number from 1 to 32768"},
		{"table.exec.mini-batch.size", "9223372036854775808", "expected a whole number from -9223372036854775808 to"},
		{"table.exec.mini-batch.enabled", "yes", "value 'yes' is not valid; expected true or false"},
		{"execution.runtime-mode", "STREAMIN", "expected one of STREAMING, BATCH, AUTOMATIC; did you mean `STREAMING`?"},
		{"table.exec.state.ttl", "5 parsecs", "value '5 parsecs' is not valid; expected a whole number and a unit (ns, µs, ms, s, min, h, d), such as '5 s', '1 min' or '200 ms'"},
		{"table.exec.state.ttl", "200000 d", "value '200000 d' is not valid"},
		{"spate.memory.limit", "-1 mb", "expected a whole number and a unit (bytes, kb, mb, gb, tb), such as '64 mb'"},
		{"restart-strategy.exponential-delay.jitter-factor", "x", "expected a number"},
		{"pipeline.global-job-parameters", "a=1", "expected pairs 'key:value' parted by commas"},
		{"table.column-expansion-strategy", "'a", "expected a closing '"},
		{"restart-strategy.exponential-delay.attempts-before-reset-backoff", "ever", "or 'infinite'"},
		{"table.exec.async-lookup.timeout", "soon", "value 'soon' is not valid"},
		{"paralelism.default", "1", "unknown configuration key `paralelism.default`; did you mean `parallelism.default`?"},
		{"table.exec.minibatch.enabled", "true", "did you mean `table.exec.mini-batch.enabled`?"},
		{"zzz", "1", "unknown configuration key `zzz`"},
		{"parallelism.default.x", "1", "unknown configuration key"},
	} {
		config := conf.New()
		err := config.Set(c.key, c.value)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s = %s: %v\nwant a text with: %s", c.key, c.value, err, c.want)
			continue
		}
		if !errors.Is(err, errs.InvalidOption) || !errors.Is(err, errs.User) {
			t.Errorf("%s = %s: class %v, code %v", c.key, c.value, errs.ClassOf(err), errs.CodeOf(err))
		}
		if len(config.Map()) != 0 {
			t.Errorf("%s = %s: a refused value was kept", c.key, c.value)
		}
	}
	if err := conf.New().SetPair("parallelism.default"); err == nil || !strings.Contains(err.Error(), "expected key=value") {
		t.Errorf("a pair without a value: %v", err)
	}
}

func TestParseDuration(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"5 s": 5 * time.Second, "1min": time.Minute, "200 ms": 200 * time.Millisecond, "7": 7 * time.Millisecond,
		"3 h": 3 * time.Hour, "2 d": 48 * time.Hour, "10 micros": 10 * time.Microsecond, "4µs": 4 * time.Microsecond,
		"9 NANOS": 9, " 1 Day ": 24 * time.Hour, "0 ms": 0,
	} {
		if got, err := conf.ParseDuration(text); err != nil || got != want {
			t.Errorf("ParseDuration(%q) = %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "s", "-5 s", "1.5 s", "5 s s", "99999999999999999999 s"} {
		if got, err := conf.ParseDuration(text); err == nil {
			t.Errorf("ParseDuration(%q) = %v, want an error", text, got)
		}
	}
}

func TestParseMemory(t *testing.T) {
	for text, want := range map[string]conf.MemorySize{
		"64 mb": 64 << 20, "1kb": 1 << 10, "5": 5, "12 bytes": 12, "3 GibiBytes": 3 << 30, "2t": 2 << 40,
	} {
		if got, err := conf.ParseMemory(text); err != nil || got != want {
			t.Errorf("ParseMemory(%q) = %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "mb", "-5 mb", "1.5 gb", "5 pb", "9999999999 tb"} {
		if got, err := conf.ParseMemory(text); err == nil {
			t.Errorf("ParseMemory(%q) = %v, want an error", text, got)
		}
	}
}

func TestCloneSharesNothing(t *testing.T) {
	a, err := conf.FromMap(map[string]string{"parallelism.default": "2", "pipeline.name": "x"})
	if err != nil {
		t.Fatal(err)
	}
	b := a.Clone()
	if err := b.SetPair("parallelism.default=3"); err != nil {
		t.Fatal(err)
	}
	check(t, conf.ParallelismDefault.Get(a), 2)
	check(t, conf.ParallelismDefault.Get(b), 3)
	var keys []string
	for key := range a.All() {
		keys = append(keys, key)
	}
	check(t, strings.Join(keys, " "), "parallelism.default pipeline.name")
	b.Clear()
	check(t, len(b.Map()), 0)
	if _, err := conf.FromMap(map[string]string{"zzz": "1"}); err == nil {
		t.Error("FromMap took an unknown key")
	}
}

func TestSecrets(t *testing.T) {
	for key, secret := range map[string]bool{
		"s3.secret-key": true, "s3.access-key": true, "connector.Password": true, "pipeline.name": false, "table.exec.state.ttl": false,
	} {
		check(t, conf.IsSecret(key), secret)
		check(t, conf.Shown(key, "v"), map[bool]string{true: "******", false: "v"}[secret])
	}
}

func TestRegistry(t *testing.T) {
	keys := conf.Keys()
	for _, key := range keys {
		spec, err := conf.Find(key)
		if err != nil || spec.Key != key {
			t.Fatalf("%s: %+v, %v", key, spec, err)
		}
		if !strings.HasSuffix(spec.Doc, ".") {
			t.Errorf("%s: its documentation is no sentence: %q", key, spec.Doc)
		}
		if spec.Kind == conf.Enum && len(spec.Values) == 0 {
			t.Errorf("%s has no values", key)
		}
		if spec.Default != "" {
			if err := conf.New().Set(key, spec.Default); err != nil {
				t.Errorf("the default does not fit: %v", err)
			}
		}
	}
	for _, key := range []string{"table.exec.async-lookup.timeout", "rest.port", "execution.savepoint.path"} {
		if !conf.Inert(key) {
			t.Errorf("%s is said to have an effect", key)
		}
	}
	if conf.Inert("parallelism.default") || conf.Inert("zzz") {
		t.Error("a key with an effect, or an unknown one, is said to be inert")
	}

	// Each key that an options file declares is in its list, and once: a key left out would be unknown to Set.
	declared := regexp.MustCompile(`Key:\s+"([^"]+)"`)
	files, err := filepath.Glob("options_*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("no options files: %v", err)
	}
	seen := map[string]bool{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range declared.FindAllStringSubmatch(string(text), -1) {
			if seen[m[1]] {
				t.Errorf("%s is declared twice", m[1])
			}
			seen[m[1]] = true
			if !slices.Contains(keys, m[1]) {
				t.Errorf("%s is declared in %s and in no list", m[1], file)
			}
		}
	}
	text, err := os.ReadFile("known.txt")
	if err != nil {
		t.Fatal(err)
	}
	form := regexp.MustCompile(`^(#.*|[bildsetmLM] [a-z][A-Za-z0-9.-]+)$`)
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSuffix(line, "\n")
		if !form.MatchString(line) {
			t.Errorf("known.txt: %q has a wrong form", line)
		}
		if _, key, _ := strings.Cut(line, " "); seen[key] {
			t.Errorf("known.txt lists %s, which is declared", key)
		}
	}
}

func check[T comparable](t *testing.T, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}
