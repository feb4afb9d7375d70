// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package graph

import (
	"encoding/json"
	"fmt"
)

// Encode returns the job as JSON. The same job always gives the same bytes.
func Encode(j *Job) ([]byte, error) {
	b, err := json.Marshal(j)
	if err != nil {
		return nil, fmt.Errorf("encoding job graph %s: %w", j.Name, err)
	}
	return b, nil
}

// Decode reads an encoded job. A format version that this build does not know is refused.
func Decode(b []byte) (*Job, error) {
	var head struct {
		Version int `json:"version"`
	}
	if err := json.Unmarshal(b, &head); err != nil {
		return nil, fmt.Errorf("decoding job graph: %w", err)
	}
	if head.Version != Version {
		return nil, fmt.Errorf("decoding job graph: format version %d, this build reads %d", head.Version, Version)
	}
	j := new(Job)
	if err := json.Unmarshal(b, j); err != nil {
		return nil, fmt.Errorf("decoding job graph: %w", err)
	}
	return j, nil
}

// newSpec returns an empty spec of a kind.
func newSpec(kind string) Spec {
	switch kind {
	case "source":
		return new(SourceSpec)
	case "watermark":
		return new(WatermarkAssignerSpec)
	case "calc":
		return new(CalcSpec)
	case "group-agg":
		return new(GroupAggSpec)
	case "window-agg":
		return new(WindowAggSpec)
	case "window-table":
		return new(WindowTableSpec)
	case "join":
		return new(JoinSpec)
	case "window-join":
		return new(WindowJoinSpec)
	case "top-n":
		return new(TopNSpec)
	case "expand":
		return new(ExpandSpec)
	case "unnest":
		return new(UnnestSpec)
	case "values":
		return new(ValuesSpec)
	case "union":
		return new(UnionSpec)
	case "normalize":
		return new(NormalizeSpec)
	case "drop-update-before":
		return new(DropUpdateBeforeSpec)
	case "sink":
		return new(SinkSpec)
	case "collect":
		return new(CollectSpec)
	}
	return nil
}

// Kind returns the name of a spec's kind, as encoded.
func Kind(s Spec) string {
	switch s.(type) {
	case *SourceSpec:
		return "source"
	case *WatermarkAssignerSpec:
		return "watermark"
	case *CalcSpec:
		return "calc"
	case *GroupAggSpec:
		return "group-agg"
	case *WindowAggSpec:
		return "window-agg"
	case *WindowTableSpec:
		return "window-table"
	case *JoinSpec:
		return "join"
	case *WindowJoinSpec:
		return "window-join"
	case *TopNSpec:
		return "top-n"
	case *ExpandSpec:
		return "expand"
	case *UnnestSpec:
		return "unnest"
	case *ValuesSpec:
		return "values"
	case *UnionSpec:
		return "union"
	case *NormalizeSpec:
		return "normalize"
	case *DropUpdateBeforeSpec:
		return "drop-update-before"
	case *SinkSpec:
		return "sink"
	case *CollectSpec:
		return "collect"
	}
	return ""
}

// plainNode is Node without its methods.
type plainNode Node

// encodedNode is a node with its spec under its kind.
type encodedNode struct {
	*plainNode
	Kind string          `json:"kind"`
	Spec json.RawMessage `json:"spec"`
}

// MarshalJSON implements json.Marshaler.
func (n *Node) MarshalJSON() ([]byte, error) {
	spec, err := json.Marshal(n.Spec)
	if err != nil {
		return nil, fmt.Errorf("encoding node %s: %w", n.Name, err)
	}
	return json.Marshal(encodedNode{plainNode: (*plainNode)(n), Kind: Kind(n.Spec), Spec: spec})
}

// UnmarshalJSON implements json.Unmarshaler.
func (n *Node) UnmarshalJSON(b []byte) error {
	e := encodedNode{plainNode: (*plainNode)(n)}
	if err := json.Unmarshal(b, &e); err != nil {
		return err
	}
	n.Spec = newSpec(e.Kind)
	if n.Spec == nil {
		return fmt.Errorf("node %s has unknown kind %q", n.Name, e.Kind)
	}
	if err := json.Unmarshal(e.Spec, n.Spec); err != nil {
		return fmt.Errorf("decoding node %s: %w", n.Name, err)
	}
	return nil
}
