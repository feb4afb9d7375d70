// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package arch_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// rule is one line of layers.txt.
type rule struct {
	layer   int
	half    string
	pattern string
	peers   []string
}

// openLayer is the first layer that sees all halves.
const openLayer = 6

// parseLayers reads the text of layers.txt.
func parseLayers(text string) ([]rule, error) {
	var rules []rule
	for number, line := range strings.Split(text, "\n") {
		line, _, _ = strings.Cut(line, "#")
		fields := strings.Fields(line)
		if len(fields) == 0 {
			continue
		}
		if len(fields) < 3 || len(fields) > 3 && (fields[3] != ">" || len(fields) == 4) {
			return nil, fmt.Errorf("line %d: want: layer half pattern [> pattern ...]", number+1)
		}
		layer, err := strconv.Atoi(strings.TrimPrefix(fields[0], "L"))
		if err != nil {
			return nil, fmt.Errorf("line %d: reading the layer: %w", number+1, err)
		}
		r := rule{layer: layer, half: fields[1], pattern: fields[2]}
		if !slices.Contains([]string{"-", "front", "control", "data"}, r.half) {
			return nil, fmt.Errorf("line %d: half %q is not front, control, data or -", number+1, r.half)
		}
		if len(fields) > 4 {
			r.peers = fields[4:]
		}
		if slices.ContainsFunc(rules, func(o rule) bool { return o.pattern == r.pattern }) {
			return nil, fmt.Errorf("line %d: %s has a line already", number+1, r.pattern)
		}
		rules = append(rules, r)
	}
	return rules, nil
}

// matches says whether pattern takes the package.
func matches(pattern, pkg string) bool {
	if tree, ok := strings.CutSuffix(pattern, "/..."); ok {
		return pkg == tree || strings.HasPrefix(pkg, tree+"/")
	}
	return pattern == pkg
}

// ruleOf returns the rule with the longest matching pattern, or nil.
func ruleOf(rules []rule, pkg string) *rule {
	var best *rule
	for i := range rules {
		if matches(rules[i].pattern, pkg) && (best == nil || len(rules[i].pattern) > len(best.pattern)) {
			best = &rules[i]
		}
	}
	return best
}

// violation says why a package may not import another, or returns "".
func violation(rules []rule, from, to string) string {
	a, b := ruleOf(rules, from), ruleOf(rules, to)
	switch {
	case a == nil || b == nil:
		return "" // An unlisted package is an error of its own.
	case a.pattern == b.pattern:
		return ""
	case b.layer > a.layer:
		return fmt.Sprintf("%s (L%d) imports %s, which lies above it (L%d)", from, a.layer, to, b.layer)
	case b.layer == a.layer && !slices.ContainsFunc(a.peers, func(p string) bool { return matches(p, to) }):
		return fmt.Sprintf("%s imports its peer %s (L%d)", from, to, b.layer)
	case a.layer < openLayer && b.half != "-" && b.half != a.half:
		return fmt.Sprintf("%s (%s) imports %s (%s): the halves meet only in L2", from, a.half, to, b.half)
	}
	return ""
}

// checkImports checks the import graph, given as packages and what each imports, all below the module.
func checkImports(rules []rule, imports map[string][]string) []string {
	var out []string
	used := map[string]bool{}
	for from, list := range imports {
		r := ruleOf(rules, from)
		if r == nil {
			out = append(out, from+" has no line in layers.txt")
			continue
		}
		used[r.pattern] = true
		for _, to := range list {
			if v := violation(rules, from, to); v != "" {
				out = append(out, v)
			}
		}
	}
	for _, r := range rules {
		if !used[r.pattern] {
			out = append(out, r.pattern+" has a line in layers.txt and no package")
		}
	}
	slices.Sort(out)
	return out
}
