// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package filesystem

import (
	"strings"
	"time"

	"spate/connector"
	"spate/internal/sys/errs"
)

// sink is a table of files that is written: a folder.
type sink struct {
	table       *connector.Table
	format      *connector.Format
	options     connector.Options // Of the format.
	path        string
	parallelism int
	defaultName string
	rolling     rolling
	commit      commitPolicy
	inFile      []int // Columns that the files hold.
	partitions  []int // Columns that the table is partitioned by, in the order of PARTITIONED BY.
}

// rolling says when a file is closed.
type rolling struct {
	size       int64
	rollover   time.Duration
	inactivity time.Duration
	check      time.Duration
}

// commitPolicy says how a partition is announced.
type commitPolicy struct {
	successFile bool
	name        string
	delay       time.Duration
}

func newSink(t *connector.Table) (connector.Sink, error) {
	format, err := t.Formats.Format(t.Options[connector.FormatKey])
	if err != nil {
		return nil, err
	}
	if format.Encoder == nil {
		return nil, errs.New(errs.InvalidOption, "format '%s' can only be read: table %s cannot be written to", format.Identifier, t.Name)
	}
	o := t.Options
	s := &sink{
		table: t, format: format, options: connector.FormatOptions(format, o), parallelism: o.Int(keyParallelism, 0),
		defaultName: o.Get(keyDefaultName, defaultPartition), partitions: t.PartitionKeys,
		rolling: rolling{
			size: o.Size(keyFileSize, defaultFileSize), rollover: o.Duration(keyRollover, defaultInterval),
			inactivity: o.Duration(keyInactivity, defaultInterval), check: o.Duration(keyCheck, defaultCheck),
		},
		commit: commitPolicy{name: o.Get(keySuccessName, defaultSuccess), delay: o.Duration(keyCommitDelay, 0)},
	}
	if s.path, err = localPath(o[keyPath]); err != nil {
		return nil, err
	}
	if err := s.check(o); err != nil {
		return nil, err
	}
	isKey := map[int]bool{}
	for _, k := range t.PartitionKeys {
		isKey[k] = true
	}
	for i := range t.Columns {
		if !isKey[i] {
			s.inFile = append(s.inFile, i)
		}
	}
	if len(s.inFile) == 0 {
		return nil, errs.New(errs.InvalidStatement, "table %s is partitioned by all of its columns: nothing is left for the files", t.Name)
	}
	_, err = s.encoder()
	return s, err
}

// check refuses what cannot be done.
func (s *sink) check(o connector.Options) error {
	if o.Has(keyParallelism) && s.parallelism < 1 {
		return connector.BadValue(keyParallelism, o[keyParallelism], "a number of at least 1")
	}
	if o.Bool(keyCompaction, false) {
		return errs.New(errs.NotSupported, "option '%s': files are not compacted yet", keyCompaction)
	}
	if o.Enum(keyCommitTrigger, triggerProcess, triggerProcess, triggerPartition) == triggerPartition {
		return errs.New(errs.NotSupported, "option '%s': only '%s' is supported yet", keyCommitTrigger, triggerProcess)
	}
	if kinds, ok := o[keyCommitPolicy]; ok {
		for kind := range strings.SplitSeq(kinds, ",") {
			switch strings.TrimSpace(kind) {
			case policySuccess:
				s.commit.successFile = true
			case policyMetastore:
				return errs.New(errs.NotSupported, "option '%s': '%s' is for tables of a metastore; files have '%s'", keyCommitPolicy, policyMetastore, policySuccess)
			default:
				return connector.BadValue(keyCommitPolicy, kinds, policySuccess)
			}
		}
	}
	if s.commit.name == "" || strings.ContainsAny(s.commit.name, "/\\") {
		return connector.BadValue(keySuccessName, s.commit.name, "the name of a file")
	}
	return nil
}

func (s *sink) encoder() (connector.Encoder, error) {
	return s.format.Encoder(&connector.FormatContext{Columns: s.table.Columns, Wanted: s.inFile, Options: s.options, TimeZone: s.table.TimeZone})
}

// Capabilities implements connector.Sink.
func (s *sink) Capabilities() connector.SinkCapabilities {
	return connector.SinkCapabilities{Accepts: connector.InsertOnly, Parallelism: s.parallelism}
}

// Committer implements connector.Sink.
func (s *sink) Committer() (connector.Committer, error) {
	return &committer{sink: s, first: map[string]time.Time{}}, nil
}
