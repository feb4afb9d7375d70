// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

package bind

import (
	"slices"
	"strconv"

	"spate/internal/catalog"
	"spate/internal/sql/ast"
)

func itoa(n int) string { return strconv.Itoa(n) }

// likeFeatures is what LIKE does with each feature: everything is included, options may be overwritten, unless the statement
// says otherwise; ALL speaks for the features that are not named.
func likeFeatures(like *ast.TableLike) (map[ast.LikeFeature]ast.LikeMerge, error) {
	how := map[ast.LikeFeature]ast.LikeMerge{ast.LikeOptions: ast.LikeOverwriting}
	named := map[ast.LikeFeature]bool{}
	all := []ast.LikeFeature{
		ast.LikeConstraints, ast.LikeDistribution, ast.LikeGenerated, ast.LikeMetadata, ast.LikeOptions, ast.LikePartitions, ast.LikeWatermarks,
	}
	for _, o := range like.Options {
		if o.Feature == ast.LikeAll {
			for _, f := range all {
				if !named[f] {
					how[f] = o.Merge
				}
			}
			continue
		}
		if o.Merge == ast.LikeOverwriting && (o.Feature == ast.LikeConstraints || o.Feature == ast.LikePartitions || o.Feature == ast.LikeDistribution) {
			return nil, invalid(o, "Illegal merging strategy 'OVERWRITING' for this feature; it can be included or excluded")
		}
		named[o.Feature] = true
		how[o.Feature] = o.Merge
	}
	return how, nil
}

// like starts the declaration with what it takes over from another table.
func (d *declaration) like(like *ast.TableLike) error {
	o, err := d.b.env.Catalog.Resolve(like.Table.Strings(), d.b.catalog, d.b.database)
	if err != nil {
		return At(like.Table, err)
	}
	base, ok := o.(*catalog.Table)
	if !ok {
		return invalid(like.Table, "Source table '%s' of the LIKE clause can not be a VIEW", like.Table.Last())
	}
	how, err := likeFeatures(like)
	if err != nil {
		return err
	}
	in := func(f ast.LikeFeature) bool { return how[f] != ast.LikeExcluding }
	d.overwrite = map[catalog.ColumnKind]bool{
		catalog.Computed: how[ast.LikeGenerated] == ast.LikeOverwriting, catalog.Metadata: how[ast.LikeMetadata] == ast.LikeOverwriting,
	}
	for _, c := range base.Columns {
		if c.Kind == catalog.Computed && !in(ast.LikeGenerated) || c.Kind == catalog.Metadata && !in(ast.LikeMetadata) {
			continue
		}
		d.t.Columns = append(d.t.Columns, c)
	}
	d.base = len(d.t.Columns)
	if in(ast.LikeConstraints) {
		d.t.PrimaryKey = base.PrimaryKey
	}
	if in(ast.LikePartitions) {
		d.t.PartitionKeys = slices.Clone(base.PartitionKeys)
	}
	if in(ast.LikeDistribution) {
		d.t.Distribution = base.Distribution
	}
	if in(ast.LikeWatermarks) && (how[ast.LikeWatermarks] != ast.LikeOverwriting || d.st.Schema.Watermark == nil) {
		d.t.Watermark = base.Watermark
	}
	return d.likeOptions(like, base, how[ast.LikeOptions])
}

// likeOptions merges the options of the other table with those of the statement.
func (d *declaration) likeOptions(at ast.Node, base *catalog.Table, how ast.LikeMerge) error {
	if how == ast.LikeExcluding {
		return nil
	}
	own := d.t.Options
	d.t.Options = slices.Clone(base.Options)
	for _, o := range own {
		i := slices.IndexFunc(d.t.Options, func(x catalog.Option) bool { return x.Key == o.Key })
		switch {
		case i < 0:
			d.t.Options = append(d.t.Options, o)
		case how == ast.LikeOverwriting:
			d.t.Options[i].Value = o.Value
		default:
			return invalid(at, "There already exists an option ['%s' -> '%s']  in the base table. You might want to specify EXCLUDING OPTIONS or OVERWRITING OPTIONS.",
				o.Key, d.t.Options[i].Value)
		}
	}
	return nil
}
