// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"spate/internal/catalog"
	"spate/internal/connectors/values"
	"spate/internal/control/worker"
	"spate/schema"
)

// program is a record of programs.jsonl.
type program struct {
	ID         string   `json:"id"`
	Feature    string   `json:"feature"`
	Setup      []step   `json:"setup"`
	Run        []step   `json:"run"`
	Runnable   bool     `json:"runnable"`
	Because    []string `json:"notRunnableBecause"`
	Harnesses  []string `json:"harnesses"`
	UsedBy     []usage  `json:"usedBy"`
	UsesModel  bool     `json:"usesModel"`
	NeedsJava  bool     `json:"needsJavaUdf"`
	Surrogates bool     `json:"loneSurrogate"`
}

type usage struct {
	Harness      string `json:"harness"`
	AfterRestore string `json:"afterRestore"`
}

// step is one step of a program; which fields count follows from Kind.
type step struct {
	Kind         string            `json:"kind"`
	Name         string            `json:"name"`
	SQL          string            `json:"sql"`
	Statements   []string          `json:"statements"`
	Config       map[string]string `json:"config"`
	SinkName     string            `json:"sinkName"`
	TableAPI     string            `json:"sqlFromTableApi"`
	ErrorMessage string            `json:"errorMessage"`

	Schema        []string          `json:"schema"`
	Distribution  string            `json:"distribution"`
	PartitionKeys []string          `json:"partitionKeys"`
	Options       map[string]string `json:"options"`

	Compare          string   `json:"compare"`
	Before           []typed  `json:"before"`
	After            []typed  `json:"after"`
	Materialized     []typed  `json:"materialized"`
	BeforeText       []string `json:"beforeText"`
	AfterText        []string `json:"afterText"`
	MaterializedText []string `json:"materializedText"`
	DedupFields      []int    `json:"deduplicatedFieldIndices"`
	DedupText        []string `json:"dedupText"`
}

func (s *step) isSource() bool { return strings.HasPrefix(s.Kind, "SOURCE") }
func (s *step) isSink() bool   { return strings.HasPrefix(s.Kind, "SINK") }

// The harnesses of the programs.
const (
	streamSemantic = "stream-semantic"
	streamRestore  = "stream-restore"
	batchSemantic  = "batch-semantic"
	batchRestore   = "batch-restore"
)

// loadPrograms finds the programs: a case for each harness that compares results.
func loadPrograms(o *options) ([]*testCase, error) {
	path := filepath.Join(o.data, "programs", "programs.jsonl")
	if !exists(path) {
		return nil, nil
	}
	programs, err := readRecords[program](path)
	if err != nil {
		return nil, err
	}
	cases := []*testCase{}
	for i := range programs {
		p := &programs[i]
		found := false
		for _, h := range p.Harnesses {
			if !slices.Contains([]string{streamSemantic, streamRestore, batchSemantic, batchRestore}, h) {
				continue
			}
			found = true
			c := &testCase{class: p.Feature, id: p.ID + "/" + h, run: func(ctx context.Context) error { return p.check(ctx, h) }}
			if !p.Runnable {
				c.notApplicable = strings.Join(p.Because, ", ")
			}
			cases = append(cases, c)
		}
		if !found {
			cases = append(cases, &testCase{class: p.Feature, id: p.ID, notApplicable: "no harness compares its results"})
		}
	}
	return cases, nil
}

// running is a program on its way.
type running struct {
	p       *program
	lab     *lab
	sources map[string]*values.Set
	types   map[string][]*schema.Type // Of sources.
	rows    map[string][]values.Row   // Of the first phase.
	timed   bool                      // A source has event time.
	jobs    []*worker.Job
}

// check runs a program under a harness.
func (p *program) check(ctx context.Context, harness string) error {
	config := map[string]string{}
	switch harness {
	case streamSemantic, batchSemantic:
		config["table.optimizer.non-deterministic-update.strategy"] = "TRY_RESOLVE"
	default:
	}
	if harness == batchRestore || harness == batchSemantic {
		config["execution.runtime-mode"] = "BATCH"
	}
	r := &running{p: p, lab: newLab(config), sources: map[string]*values.Set{}, types: map[string][]*schema.Type{}, rows: map[string][]values.Row{}}
	defer r.lab.close()
	for i := range p.Setup {
		if err := r.setUp(ctx, &p.Setup[i], harness); err != nil {
			return err
		}
	}
	failing := slices.ContainsFunc(p.Run, func(s step) bool { return strings.HasPrefix(s.Kind, "FAILING") })
	if failing { // The statement is awaited: its sources have to be full before.
		if err := r.feed(ctx, r.rows); err != nil {
			return err
		}
		r.end()
	}
	two := !failing && harness == streamRestore && p.afterRestore() != "NO_RESTORE"
	for i := range p.Run {
		if err := r.start(ctx, &p.Run[i]); err != nil {
			return err
		}
	}
	if !failing {
		if err := r.feed(ctx, r.rows); err != nil {
			return err
		}
	}
	if !two {
		r.end()
	}
	if two {
		if err := r.secondPhase(ctx); err != nil {
			return err
		}
	}
	for _, j := range r.jobs {
		if err := j.Wait(); err != nil && !worker.IsCanceled(err) {
			return err
		}
	}
	for i := range p.Setup {
		if s := &p.Setup[i]; s.isSink() {
			if err := r.compare(s, harness); err != nil {
				return fmt.Errorf("sink %s: %w", s.Name, err)
			}
		}
	}
	return nil
}

// afterRestore says how a restore test ends.
func (p *program) afterRestore() string {
	for _, u := range p.UsedBy {
		if u.Harness == streamRestore && u.AfterRestore != "" {
			return u.AfterRestore
		}
	}
	return ""
}

// setUp does a step before the run.
func (r *running) setUp(ctx context.Context, s *step, harness string) error {
	switch {
	case s.Kind == "CONFIG":
		for k, v := range s.Config {
			_ = r.lab.session.Set(k, v)
		}
		return nil
	case s.Kind == "SQL":
		return r.lab.execute(ctx, s.SQL)
	case s.isSource():
		return r.makeSource(ctx, s, harness)
	case s.isSink():
		return r.lab.execute(ctx, s.ddl(nil))
	default:
		return fmt.Errorf("steps of kind %s are not supported yet", s.Kind)
	}
}

// ddl is the CREATE TABLE of a source or sink.
func (s *step) ddl(more map[string]string) string {
	all := map[string]string{"connector": values.Identifier}
	maps.Copy(all, s.Options)
	maps.Copy(all, more)
	var options []string
	for k, v := range all {
		options = append(options, fmt.Sprintf("'%s' = '%s'", k, strings.ReplaceAll(v, "'", "''")))
	}
	slices.Sort(options)
	ddl := fmt.Sprintf("CREATE TABLE %s (\n%s\n)", quoteName(s.Name), strings.Join(s.Schema, ",\n"))
	if s.Distribution != "" {
		ddl += "\n" + s.Distribution
	}
	if len(s.PartitionKeys) > 0 {
		keys := make([]string, len(s.PartitionKeys))
		for i, k := range s.PartitionKeys {
			keys[i] = quoteName(k)
		}
		ddl += "\nPARTITIONED BY (" + strings.Join(keys, ", ") + ")"
	}
	return ddl + "\nWITH (\n" + strings.Join(options, ",\n") + "\n)"
}

func (r *running) makeSource(ctx context.Context, s *step, harness string) error {
	more := map[string]string{"data-id": s.Name, "bounded": "false"}
	if harness == batchSemantic || harness == batchRestore {
		more["bounded"] = "true"
	}
	if err := r.lab.createTable(ctx, s.ddl(more)); err != nil {
		return err
	}
	t, err := r.lab.table(s.Name)
	if err != nil {
		return err
	}
	r.types[s.Name] = sourceTypes(t)
	recorded := s.Before
	if harness == batchRestore {
		recorded = append(slices.Clone(s.Before), s.After...)
	}
	rows, err := rowsOf(recorded, r.types[s.Name])
	if err != nil {
		return fmt.Errorf("data of source %s: %w", s.Name, err)
	}
	r.sources[s.Name], r.rows[s.Name] = r.lab.put(s.Name, nil), rows
	r.sources[s.Name].KeepOpen()
	r.timed = r.timed || t.Watermark != nil && len(rows) > 0
	return nil
}

// end ends the sources after their rows.
func (r *running) end() {
	for _, s := range r.sources {
		s.End()
	}
}

// inStep is the time between the rows of sources that are read in step.
const inStep = 3 * time.Millisecond

// feed gives the sources their rows. Where late rows depend on how the sources are read, they are read in step, a row of each at a
// time, as a task of Flink does that has all rows before it.
func (r *running) feed(ctx context.Context, rows map[string][]values.Row) error {
	if !r.timed || len(rows) < 2 {
		for name, list := range rows {
			r.sources[name].Append(list...)
		}
		return nil
	}
	tick := time.NewTicker(inStep)
	defer tick.Stop()
	for i, more := 0, true; more; i++ {
		more = false
		for name, list := range rows {
			if i < len(list) {
				r.sources[name].Append(list[i])
				more = true
			}
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// start does a step of the run; jobs are not awaited.
func (r *running) start(ctx context.Context, s *step) error {
	sql := s.SQL
	switch s.Kind {
	case "SQL":
	case "STATEMENT_SET":
		sql = "EXECUTE STATEMENT SET\nBEGIN\n" + strings.Join(s.Statements, ";\n") + ";\nEND"
	case "TABLE_API":
		if s.TableAPI == "" {
			return errors.New("the step has no SQL")
		}
		sql = "INSERT INTO " + quoteName(s.SinkName) + " " + s.TableAPI
	case "FAILING_TABLE_API":
		return expectError(r.lab.execute(ctx, "INSERT INTO "+quoteName(s.SinkName)+" "+s.TableAPI), s.ErrorMessage)
	case "FAILING_SQL":
		err := r.lab.execute(ctx, sql)
		if interrupted(err) {
			return err
		}
		return expectError(err, s.ErrorMessage)
	default:
		return fmt.Errorf("steps of kind %s are not supported yet", s.Kind)
	}
	o, err := r.lab.session.Execute(ctx, sql)
	if err != nil {
		return err
	}
	switch {
	case o.Job != nil:
		r.jobs = append(r.jobs, o.Job)
	case o.Query != nil:
		o.Query.Close() // The text of a Table API step of the same program: it has to be a query that plans.
	}
	return nil
}

// settle is how long sinks may stand still before the results of a phase are taken for complete; between is the time between looks.
const (
	settle  = time.Second
	between = 2 * time.Millisecond
)

// secondPhase waits for the results of the first phase, then feeds the second one. There is no savepoint in between yet.
func (r *running) secondPhase(ctx context.Context) error {
	if err := r.await(ctx, func(s *step) bool { return r.reached(s, false) }); err != nil {
		return err
	}
	after := make(map[string][]values.Row)
	for i := range r.p.Setup {
		s := &r.p.Setup[i]
		if !s.isSource() {
			continue
		}
		rows, err := rowsOf(s.After, r.types[s.Name])
		if err != nil {
			return fmt.Errorf("data of source %s: %w", s.Name, err)
		}
		after[s.Name] = rows
	}
	if err := r.feed(ctx, after); err != nil {
		return err
	}
	if r.p.afterRestore() != "INFINITE" {
		r.end()
	}
	if r.p.afterRestore() == "INFINITE" {
		if err := r.await(ctx, func(s *step) bool { return r.reached(s, true) }); err != nil {
			return err
		}
		for _, j := range r.jobs {
			j.Cancel()
		}
	}
	return nil
}

// await looks at the sinks until all have what they should, a job has ended, or nothing more is to be expected.
func (r *running) await(ctx context.Context, done func(s *step) bool) error {
	tick := time.NewTicker(between)
	defer tick.Stop()
	limit := time.NewTimer(settle)
	defer limit.Stop()
	rows := 0
	for {
		all, now := true, 0
		for i := range r.p.Setup {
			if s := &r.p.Setup[i]; s.isSink() {
				all = all && done(s)
				now += len(r.results(s))
			}
		}
		if now != rows {
			rows = now
			limit.Reset(settle)
		}
		for _, j := range r.jobs {
			select {
			case <-j.Done():
				return j.Wait()
			default:
			}
		}
		if all {
			return nil
		}
		select {
		case <-tick.C:
		case <-limit.C:
			return nil // The comparison at the end tells what is missing.
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// reached tells whether a sink has the results of the first phase, or of both.
func (r *running) reached(s *step, both bool) bool {
	want := len(s.Before) + len(s.BeforeText)
	if both {
		want += len(s.After) + len(s.AfterText)
	}
	got := r.results(s)
	if s.Compare == "materialized" || len(got) < want {
		return len(got) >= want && want > 0
	}
	return true
}

// results returns what a sink received.
func (r *running) results(s *step) []values.Row {
	t, err := r.lab.table(s.Name)
	if err != nil {
		return nil
	}
	return r.lab.data.Results(resultName(t))
}

// resultName is the name under which the values connector keeps the rows of a table.
func resultName(t *catalog.Table) string { return t.Path.Dotted() }

// compare compares what a sink received with what it should have.
func (r *running) compare(s *step, harness string) error {
	t, err := r.lab.table(s.Name)
	if err != nil {
		return err
	}
	types := sinkTypes(t)
	want, asText, err := s.expected(types, harness)
	if err != nil {
		return err
	}
	final := s.Compare == "materialized" || s.DedupText != nil || harness == batchRestore || harness == batchSemantic
	var got []change
	for _, row := range r.results(s) {
		kind := row.Kind
		if final {
			kind = schema.Insert
		}
		c := change{kind: row.Kind, key: keyOf(t, row.Values, types)}
		if s.DedupText != nil {
			c.key = ""
			for _, f := range s.DedupFields {
				c.key += canonical(row.Values[f], types[f]) + "\x00"
			}
		}
		if asText {
			c.text = sortEntries(rowText(kind, row.Values, types))
		} else {
			c.text = canonicalRow(kind, row.Values, types)
		}
		got = append(got, c)
	}
	if final {
		rows, err := materialize(got, t.PrimaryKey != nil || s.DedupText != nil)
		if err != nil {
			return err
		}
		return compareBags(rows, want)
	}
	rows := make([]string, len(got))
	for i, c := range got {
		rows[i] = c.text
	}
	return compareBags(rows, want)
}

// keyOf is the primary key of a row as text, or empty.
func keyOf(t *catalog.Table, row []schema.Value, types []*schema.Type) string {
	if t.PrimaryKey == nil {
		return ""
	}
	var parts []string
	at := 0
	for i := range t.Columns {
		if !t.Columns[i].Persisted() {
			continue
		}
		if slices.Contains(t.PrimaryKey.Columns, t.Columns[i].Name) {
			parts = append(parts, canonical(row[at], types[at]))
		}
		at++
	}
	return strings.Join(parts, "\x00")
}

// expected returns the rows that a sink should have, as texts of Row.toString or as canonical ones.
func (s *step) expected(types []*schema.Type, harness string) (rows []string, asText bool, err error) {
	recorded, texts := slices.Clone(s.Before), slices.Clone(s.BeforeText)
	if harness == streamRestore || harness == batchRestore {
		recorded, texts = append(recorded, s.After...), append(texts, s.AfterText...)
	}
	if harness == batchRestore || harness == batchSemantic {
		if s.Materialized != nil || s.MaterializedText != nil {
			recorded, texts = s.Materialized, s.MaterializedText
		}
	}
	if s.DedupText != nil {
		recorded, texts = nil, s.DedupText
	}
	if texts != nil {
		for _, t := range texts {
			rows = append(rows, sortEntries(t))
		}
		return rows, true, nil
	}
	for i := range recorded {
		v, err := decodeRowValues(&recorded[i], types)
		if err != nil {
			return nil, false, fmt.Errorf("expected row %d: %w", i, err)
		}
		rows = append(rows, canonicalRow(recorded[i].rowKind(), v, types))
	}
	return rows, false, nil
}
