// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package filesystem is the connector of files: a table is a file, a folder or a pattern, read once or watched, and written as part files.
//
// Reading: the enumerator lists the files and cuts big ones into ranges where the format allows it; a reader goes through its splits one
// after the other. Files whose name ends in .gz, .zst, .bz2 or .deflate are decompressed and read whole. Hidden files (with a dot
// or an underscore in front) are passed over.
//
// Writing: rows go to hidden files in progress, one a subtask and partition, which are closed by size, age and at every checkpoint. A file
// becomes visible under its final name when the checkpoint that holds it is committed, so readers never see half of one and a failed
// attempt leaves nothing visible. Commits may come again: a file that has its name already is left alone.
//
// Sources, sinks and committers are used by one goroutine at a time; readers and writers belong to their subtask.
package filesystem

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"spate/connector"
	"spate/internal/sys/errs"
	"spate/schema"
)

// Identifier is the name of the connector.
const Identifier = "filesystem"

// Option keys.
const (
	keyPath            = "path"
	keyMonitor         = "source.monitor-interval"
	keyPattern         = "source.path.regex-pattern"
	keyStatistics      = "source.report-statistics"
	keyDefaultName     = "partition.default-name"
	keyFileSize        = "sink.rolling-policy.file-size"
	keyRollover        = "sink.rolling-policy.rollover-interval"
	keyInactivity      = "sink.rolling-policy.inactivity-interval"
	keyCheck           = "sink.rolling-policy.check-interval"
	keyShuffle         = "sink.shuffle-by-partition.enable"
	keyParallelism     = "sink.parallelism"
	keyCommitTrigger   = "sink.partition-commit.trigger"
	keyCommitDelay     = "sink.partition-commit.delay"
	keyCommitPolicy    = "sink.partition-commit.policy.kind"
	keySuccessName     = "sink.partition-commit.success-file.name"
	keyCompaction      = "auto-compaction"
	keyCompactionSize  = "compaction.file-size"
	defaultPartition   = "__DEFAULT_PARTITION__"
	defaultSuccess     = "_SUCCESS"
	policySuccess      = "success-file"
	policyMetastore    = "metastore"
	triggerProcess     = "process-time"
	triggerPartition   = "partition-time"
	defaultFileSize    = 128 << 20
	defaultInterval    = 30 * time.Minute
	defaultCheck       = time.Minute
	fileScheme         = "file"
	metadataPath       = "file.path"
	metadataName       = "file.name"
	metadataSize       = "file.size"
	metadataModified   = "file.modification-time"
	modifiedPrecision  = 3
	statisticsAll      = "ALL"
	statisticsNone     = "NONE"
	patternCharacters  = "*?["
	partitionSeparator = '='
)

// Factory returns the connector.
func Factory() *connector.Factory {
	duration, boolean := connector.DurationOption, connector.BoolOption
	return &connector.Factory{
		Identifier: Identifier,
		Doc:        "Reads and writes files of the local file system.",
		UsesFormat: true,
		Options: []connector.Option{
			{Key: keyPath, Required: true, Doc: "File, folder or pattern to read; folder to write to."},
			{Key: keyMonitor, Kind: duration, Doc: "How often to look for new files; without it the files of the start are read, and the table is bounded."},
			{Key: keyPattern, Doc: "Regular expression that the whole path of a file must match to be read."},
			{Key: keyStatistics, Kind: connector.EnumOption, Enum: []string{statisticsAll, statisticsNone}, Default: statisticsAll, Doc: "Accepted without effect."},
			{Key: keyDefaultName, Default: defaultPartition, Doc: "Name of the partition of NULL and empty values."},
			{Key: keyFileSize, Kind: connector.SizeOption, Default: "128 mb", Doc: "Size at which a file is closed."},
			{Key: keyRollover, Kind: duration, Default: "30 min", Doc: "Age at which a file is closed."},
			{Key: keyInactivity, Kind: duration, Default: "30 min", Doc: "Time without rows after which a file is closed."},
			{Key: keyCheck, Kind: duration, Default: "1 min", Doc: "How often ages are looked at."},
			{Key: keyShuffle, Kind: boolean, Default: "false", Doc: "Accepted without effect."},
			{Key: keyParallelism, Kind: connector.IntOption, Doc: "Number of writing subtasks; the job's when not set."},
			{Key: keyCommitTrigger, Kind: connector.EnumOption, Enum: []string{triggerProcess, triggerPartition}, Default: triggerProcess, Doc: "When a partition is announced."},
			{Key: keyCommitDelay, Kind: duration, Default: "0 s", Doc: "How long after its first file a partition is announced."},
			{Key: keyCommitPolicy, Doc: "How a partition is announced: success-file."},
			{Key: keySuccessName, Default: defaultSuccess, Doc: "Name of the file that announces a partition."},
			{Key: keyCompaction, Kind: boolean, Default: "false", Doc: "Only false: files are not compacted."},
			{Key: keyCompactionSize, Kind: connector.SizeOption, Doc: "Accepted without effect."},
		},
		Source: newSource,
		Sink:   newSink,
	}
}

// localPath returns the path of the file system that an option names.
func localPath(text string) (string, error) {
	scheme, _, ok := strings.Cut(text, ":")
	if !ok || strings.ContainsAny(scheme, "/\\.") {
		return filepath.Clean(text), nil
	}
	if scheme != fileScheme {
		return "", errs.New(errs.NotSupported, "option '%s': files of '%s' cannot be read or written yet; only local paths and file: can", keyPath, scheme)
	}
	rest := strings.TrimPrefix(text, fileScheme+":")
	if strings.HasPrefix(rest, "//") {
		rest = rest[2:]
		if !strings.HasPrefix(rest, "/") { // A host, which must be this one.
			_, after, ok := strings.Cut(rest, "/")
			if !ok || !strings.HasPrefix(rest, "localhost/") {
				return "", connector.BadValue(keyPath, text, "file:///folder/file")
			}
			rest = "/" + after
		}
	}
	p, err := url.PathUnescape(rest)
	if err != nil || p == "" {
		return "", connector.BadValue(keyPath, text, "file:///folder/file")
	}
	return filepath.Clean(p), nil
}

// metadata are the readable metadata columns.
var metadata = schema.Schema{
	{Name: metadataPath, Type: schema.TypeString.NotNull()},
	{Name: metadataName, Type: schema.TypeString.NotNull()},
	{Name: metadataSize, Type: schema.TypeBigInt.NotNull()},
	{Name: metadataModified, Type: schema.NewTimestampLTZ(modifiedPrecision).NotNull()},
}

// source is a table of files that is read.
type source struct {
	table       *connector.Table
	format      *connector.Format
	options     connector.Options // Of the format.
	path        string
	pattern     *regexp.Regexp
	monitor     time.Duration
	defaultName string
	// inFile are the columns that the files hold, into the table's; partitions the others.
	inFile     []int
	splittable connector.Splittable
	minRange   int64 // The least range that a file is cut into.
}

func newSource(t *connector.Table) (connector.Source, error) {
	format, err := t.Formats.Format(t.Options[connector.FormatKey])
	if err != nil {
		return nil, err
	}
	if format.Decoder == nil {
		return nil, errs.New(errs.InvalidOption, "format '%s' can only be written: table %s cannot be read", format.Identifier, t.Name)
	}
	s := &source{
		table: t, format: format, options: connector.FormatOptions(format, t.Options), monitor: t.Options.Duration(keyMonitor, 0),
		defaultName: t.Options.Get(keyDefaultName, defaultPartition), minRange: minRange,
	}
	if s.path, err = localPath(t.Options[keyPath]); err != nil {
		return nil, err
	}
	if t.Options.Has(keyMonitor) && s.monitor <= 0 {
		return nil, connector.BadValue(keyMonitor, t.Options[keyMonitor], "a time greater than 0")
	}
	if text, ok := t.Options[keyPattern]; ok {
		if s.pattern, err = regexp.Compile("^(?:" + text + ")$"); err != nil {
			return nil, connector.BadValue(keyPattern, text, "a regular expression: "+err.Error())
		}
	}
	for i := range t.Columns {
		if !slices.Contains(t.PartitionKeys, i) {
			s.inFile = append(s.inFile, i)
		}
	}
	d, err := s.decoder(nil, nil, nil)
	if err != nil {
		return nil, err
	}
	s.splittable = d.Splittable()
	return s, nil
}

// decoder makes a decoder of the columns wanted (into the table's) into the given own vectors.
func (s *source) decoder(wanted, into []int, count func(string, int64)) (connector.Decoder, error) {
	c := &connector.FormatContext{Options: s.options, TimeZone: s.table.TimeZone, Count: count, Into: into, Wanted: make([]int, len(wanted))}
	for _, i := range s.inFile {
		c.Columns = append(c.Columns, s.table.Columns[i])
	}
	for k, w := range wanted {
		c.Wanted[k] = slices.Index(s.inFile, w)
	}
	d, err := s.format.Decoder(c)
	if err != nil {
		return nil, fmt.Errorf("table %s: %w", s.table.Name, err)
	}
	return d, nil
}

// Capabilities implements connector.Source.
func (s *source) Capabilities() connector.SourceCapabilities {
	return connector.SourceCapabilities{Bounded: s.monitor == 0, Projection: true, Metadata: metadata}
}

// file is a file to read.
type file struct {
	Path     string `json:"path"`
	Size     int64  `json:"size"`
	Modified int64  `json:"modified"` // Milliseconds since the epoch.
}

// list returns the files of the table in the order of their paths.
func (s *source) list() ([]file, error) {
	roots := []string{s.path}
	if strings.ContainsAny(s.path, patternCharacters) {
		if _, err := os.Lstat(s.path); err != nil { // Not a name that happens to have such characters.
			matches, err := filepath.Glob(s.path)
			if err != nil {
				return nil, connector.BadValue(keyPath, s.path, "a pattern of *, ? and [...]")
			}
			roots = slices.DeleteFunc(matches, func(m string) bool { return hiddenMatch(s.path, m) })
		}
	}
	var files []file
	for _, root := range roots {
		if err := s.walk(root, &files); err != nil {
			return nil, fmt.Errorf("table %s: listing the files of %s: %w", s.table.Name, s.path, err)
		}
	}
	slices.SortFunc(files, func(a, b file) int { return strings.Compare(a.Path, b.Path) })
	return files, nil
}

// hidden tells whether files and folders of the name are passed over.
func hidden(name string) bool { return name != "" && (name[0] == '.' || name[0] == '_') }

// hiddenMatch tells whether a pattern matches a path only because a wildcard takes a hidden name.
func hiddenMatch(pattern, path string) bool {
	patterns, names := strings.Split(filepath.ToSlash(pattern), "/"), strings.Split(filepath.ToSlash(path), "/")
	for i := range min(len(patterns), len(names)) {
		if hidden(names[i]) && !hidden(patterns[i]) {
			return true
		}
	}
	return false
}

// walk adds a file, or the files below a folder that are not hidden.
func (s *source) walk(path string, files *[]file) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		if s.pattern == nil || s.pattern.MatchString(path) {
			*files = append(*files, file{Path: path, Size: info.Size(), Modified: info.ModTime().UnixMilli()})
		}
		return nil
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if hidden(e.Name()) {
			continue
		}
		err := s.walk(filepath.Join(path, e.Name()), files)
		if err != nil && !os.IsNotExist(err) { // A file may go while the folder is listed.
			return err
		}
	}
	return nil
}
