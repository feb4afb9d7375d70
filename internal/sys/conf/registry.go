// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package conf

import (
	_ "embed" // For the list of known keys.
	"maps"
	"slices"
	"strings"
	"sync"
)

// known lists the keys of Flink that no option of ours declares: a letter for the kind, a blank, the key.
//
//go:embed known.txt
var known string

// kindLetters are the letters of known.txt in the order of the kinds.
const kindLetters = "bildsetmLM"

// foreignPrefixes begin the keys of parts that this engine does not have or that a deployment reads elsewhere. Such keys are
// accepted unchecked and are inert.
var foreignPrefixes = []string{
	"blob.", "classloader.", "cleanup-strategy.", "client.", "cluster.", "compiler.", "env.", "events.", "external-resource.",
	"flink.", "fs.", "heartbeat.", "high-availability.", "historyserver.", "io.tmp.", "job-event.", "jobmanager.", "kubernetes.",
	"materialized-table.", "metrics.", "pekko.", "process.", "python.", "resourcemanager.", "rest.", "security.",
	"slot.", "slotmanager.", "slow-task-detector.", "task.", "taskmanager.", "traces.", "web.", "yarn.", "zookeeper.",
}

// aliases maps older names of keys to the present ones.
var aliases = map[string]string{
	"execution.buffer-timeout":                            "execution.buffer-timeout.interval",
	"execution.checkpointing.tolerable-checkpoint-number": "execution.checkpointing.tolerable-failed-checkpoints",
	"execution.checkpointing.unaligned":                   "execution.checkpointing.unaligned.enabled",
	"execution.savepoint.path":                            "execution.state-recovery.path",
	"execution.savepoint.ignore-unclaimed-state":          "execution.state-recovery.ignore-unclaimed-state",
	"execution.savepoint-restore-mode":                    "execution.state-recovery.claim-mode",
	"pipeline.operator-chaining":                          "pipeline.operator-chaining.enabled",
	"restart-strategy":                                    "restart-strategy.type",
	"s3.path-style-access":                                "s3.path.style.access",
	"state.backend":                                       "state.backend.type",
	"state.backend.incremental":                           "execution.checkpointing.incremental",
	"state.checkpoints.dir":                               "execution.checkpointing.dir",
	"state.checkpoints.num-retained":                      "execution.checkpointing.num-retained",
	"state.savepoints.dir":                                "execution.checkpointing.savepoint-dir",
}

// Canonical returns the present name of a key, which is the key itself unless it is an older name.
func Canonical(key string) string {
	if now, ok := aliases[key]; ok {
		return now
	}
	return key
}

// registry returns all specs by key. It is built on first use: most commands never look at a key.
var registry = sync.OnceValue(func() map[string]*Spec {
	m := make(map[string]*Spec, 512)
	for _, group := range [][]*Spec{jobOptions, tableOptions, checkpointOptions, clientOptions, spateOptions} {
		for _, spec := range group {
			m[spec.Key] = spec
		}
	}
	for line := range strings.Lines(known) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		letter, key, _ := strings.Cut(line, " ")
		kind := Kind(strings.Index(kindLetters, letter)) //nolint:gosec // The file is ours and a test reads it.
		m[key] = &Spec{Key: key, Kind: kind, Inert: true, Doc: "Accepted and without effect in this version."}
		if kind == Enum {
			m[key].Kind = String // Nobody acts on the words, so they are not listed.
		}
	}
	return m
})

// foreign returns a spec for a key under a prefix of foreignPrefixes, or nil.
func foreign(key string) *Spec {
	for _, prefix := range foreignPrefixes {
		if strings.HasPrefix(key, prefix) {
			return &Spec{Key: key, Kind: String, Inert: true}
		}
	}
	return nil
}

// Keys returns the names of all keys of the registry in alphabetical order.
func Keys() []string {
	return slices.Sorted(maps.Keys(registry()))
}

// Find returns the description of a key. The error of an unknown key is that of Set.
func Find(key string) (Spec, error) {
	spec, err := find(Canonical(strings.TrimSpace(key)))
	if err != nil {
		return Spec{}, err
	}
	return *spec, nil
}

// Inert says whether the key is known and this version does nothing with it.
func Inert(key string) bool {
	spec, err := find(Canonical(key))
	return err == nil && spec.Inert
}
