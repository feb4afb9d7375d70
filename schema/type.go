// Copyright 2026 The Spate Authors
// SPDX-License-Identifier: Apache-2.0

// Package schema holds the logical types of Spate (those of Flink SQL), fields, row kinds and plain values.
//
// A Type is immutable once built: share pointers to it freely, never write to one that you did not just make.
// The package knows nothing of memory layout beyond naming the physical form of each type (see Physical);
// batches are in package batch.
package schema

// Root is the family of a logical type.
type Root uint8

// The logical type roots, in Flink's order of documentation.
const (
	Invalid Root = iota
	Char
	Varchar // STRING is VARCHAR(MaxLength).
	Boolean
	Binary
	Varbinary // BYTES is VARBINARY(MaxLength).
	Decimal
	TinyInt
	SmallInt
	Int
	BigInt
	Float
	Double
	Date
	Time
	Timestamp
	TimestampTZ // Declared by Flink, hardly supported there or here.
	TimestampLTZ
	IntervalYearMonth
	IntervalDayTime
	Array
	Multiset
	Map
	Row
	Structured
	Variant
	Bitmap
	Raw
	Null
	Symbol     // A keyword argument of a function (time unit, trim side); never a column.
	Descriptor // A DESCRIPTOR(col) argument; never a column.
)

// Limits of type parameters.
const (
	MaxLength          = 2147483647
	MaxDecimal         = 38
	MaxCompactDecimal  = 18 // DECIMAL(p <= 18) is an int64.
	DefaultTimestamp   = 6
	MaxTimestamp       = 9
	DefaultDecimal     = 10
	DefaultDecimalFrac = 0
)

// IntervalUnit is the range of units that an interval type is declared over.
type IntervalUnit uint8

// The interval ranges of Flink.
const (
	UnitNone IntervalUnit = iota
	UnitYear
	UnitYearToMonth
	UnitMonth
	UnitDay
	UnitDayToHour
	UnitDayToMinute
	UnitDayToSecond
	UnitHour
	UnitHourToMinute
	UnitHourToSecond
	UnitMinute
	UnitMinuteToSecond
	UnitSecond
)

// TimeAttr marks a column that is a time attribute.
type TimeAttr uint8

// Kinds of time attribute.
const (
	NotTimeAttr TimeAttr = iota
	RowTime
	ProcTime
)

// Type is a logical type. The zero Type is invalid.
type Type struct {
	Root     Root
	Nullable bool
	// Length is the length of CHAR, VARCHAR, BINARY and VARBINARY.
	Length int
	// Precision is that of DECIMAL, TIME, TIMESTAMP*, the leading field of an interval (years or days).
	Precision int
	// Scale is that of DECIMAL, or the fractional digits of a day-time interval.
	Scale int
	// Unit is the range of an interval type.
	Unit IntervalUnit
	// Elem is the element of ARRAY and MULTISET and the value of MAP.
	Elem *Type
	// Key is the key of MAP.
	Key *Type
	// Fields are those of ROW and Structured.
	Fields []Field
	// Class is the class of Raw or Structured.
	Class string
	// Snapshot is the serializer snapshot text of Raw.
	Snapshot string
	// Attr marks time attributes (TIMESTAMP and TIMESTAMP_LTZ only); it is no part of the type's string and of Equal.
	Attr TimeAttr
}

// Field is a named column or field of a row.
type Field struct {
	Name    string
	Type    *Type
	Comment string
}

// RowKind is the kind of a change.
type RowKind int8

// The row kinds of a changelog.
const (
	Insert       RowKind = iota // +I
	UpdateBefore                // -U
	UpdateAfter                 // +U
	Delete                      // -D
)

// String returns Flink's short form: +I, -U, +U, -D.
func (k RowKind) String() string {
	switch k {
	case Insert:
		return "+I"
	case UpdateBefore:
		return "-U"
	case UpdateAfter:
		return "+U"
	case Delete:
		return "-D"
	}
	return "?"
}

// Weight returns +1 for +I and +U and -1 for -U and -D.
func (k RowKind) Weight() int {
	if k == Insert || k == UpdateAfter {
		return 1
	}
	return -1
}

// IsAdd tells whether the kind adds a row (+I or +U).
func (k RowKind) IsAdd() bool { return k == Insert || k == UpdateAfter }

// Physical is the memory form of a type's values (decision record 0002).
type Physical uint8

// The physical forms.
const (
	PhysNone    Physical = iota // NULL type: no values.
	PhysBool                    // Bitmap, one bit a row.
	PhysInt8                    // TINYINT.
	PhysInt16                   // SMALLINT.
	PhysInt32                   // INT, DATE (days), TIME (ms), INTERVAL year-month (months).
	PhysInt64                   // BIGINT, DECIMAL(p<=18) unscaled, TIMESTAMP p<=3 (ms) and p<=6 (us), INTERVAL day-time (ms).
	PhysFloat32                 // FLOAT.
	PhysFloat64                 // DOUBLE.
	PhysInt128                  // DECIMAL(p>18) unscaled.
	PhysTime9                   // TIMESTAMP p 7-9: int64 microseconds and int16 nanoseconds (0-999).
	PhysBytes                   // CHAR, VARCHAR, BINARY, VARBINARY, VARIANT, BITMAP, RAW: int32 offsets and bytes.
	PhysList                    // ARRAY: int32 offsets and one child.
	PhysMap                     // MAP, MULTISET (element -> INT): int32 offsets and two children.
	PhysStruct                  // ROW, Structured: children.
)

// Physical returns the memory form of the type's values.
func (t *Type) Physical() Physical {
	switch t.Root {
	case Boolean:
		return PhysBool
	case TinyInt:
		return PhysInt8
	case SmallInt:
		return PhysInt16
	case Int, Date, Time, IntervalYearMonth:
		return PhysInt32
	case BigInt, IntervalDayTime:
		return PhysInt64
	case Float:
		return PhysFloat32
	case Double:
		return PhysFloat64
	case Decimal:
		if t.Precision <= MaxCompactDecimal {
			return PhysInt64
		}
		return PhysInt128
	case Timestamp, TimestampLTZ, TimestampTZ:
		if t.Precision <= 6 {
			return PhysInt64
		}
		return PhysTime9
	case Char, Varchar, Binary, Varbinary, Variant, Bitmap, Raw:
		return PhysBytes
	case Array:
		return PhysList
	case Map, Multiset:
		return PhysMap
	case Row, Structured:
		return PhysStruct
	case Invalid, Null, Symbol, Descriptor:
		return PhysNone
	}
	return PhysNone
}

// New returns a nullable type of a root without parameters.
func New(r Root) *Type { return &Type{Root: r, Nullable: true} }

// Shared nullable types without parameters, and STRING and BYTES.
var (
	TypeBoolean  = New(Boolean)
	TypeTinyInt  = New(TinyInt)
	TypeSmallInt = New(SmallInt)
	TypeInt      = New(Int)
	TypeBigInt   = New(BigInt)
	TypeFloat    = New(Float)
	TypeDouble   = New(Double)
	TypeDate     = New(Date)
	TypeString   = &Type{Root: Varchar, Nullable: true, Length: MaxLength}
	TypeBytes    = &Type{Root: Varbinary, Nullable: true, Length: MaxLength}
	TypeNull     = New(Null)
	TypeVariant  = New(Variant)
	TypeBitmap   = New(Bitmap)
)

// NewChar returns CHAR(n).
func NewChar(n int) *Type { return &Type{Root: Char, Nullable: true, Length: n} }

// NewVarchar returns VARCHAR(n).
func NewVarchar(n int) *Type { return &Type{Root: Varchar, Nullable: true, Length: n} }

// NewBinary returns BINARY(n).
func NewBinary(n int) *Type { return &Type{Root: Binary, Nullable: true, Length: n} }

// NewVarbinary returns VARBINARY(n).
func NewVarbinary(n int) *Type { return &Type{Root: Varbinary, Nullable: true, Length: n} }

// NewDecimal returns DECIMAL(precision, scale).
func NewDecimal(precision, scale int) *Type {
	return &Type{Root: Decimal, Nullable: true, Precision: precision, Scale: scale}
}

// NewTime returns TIME(p).
func NewTime(p int) *Type { return &Type{Root: Time, Nullable: true, Precision: p} }

// NewTimestamp returns TIMESTAMP(p).
func NewTimestamp(p int) *Type { return &Type{Root: Timestamp, Nullable: true, Precision: p} }

// NewTimestampLTZ returns TIMESTAMP_LTZ(p).
func NewTimestampLTZ(p int) *Type { return &Type{Root: TimestampLTZ, Nullable: true, Precision: p} }

// NewYearMonthInterval returns an INTERVAL of the year-month family; precision is that of the years.
func NewYearMonthInterval(u IntervalUnit, precision int) *Type {
	return &Type{Root: IntervalYearMonth, Nullable: true, Unit: u, Precision: precision}
}

// NewDayTimeInterval returns an INTERVAL of the day-time family; precision is that of the days, scale that of the seconds.
func NewDayTimeInterval(u IntervalUnit, precision, scale int) *Type {
	return &Type{Root: IntervalDayTime, Nullable: true, Unit: u, Precision: precision, Scale: scale}
}

// NewArray returns ARRAY<elem>.
func NewArray(elem *Type) *Type { return &Type{Root: Array, Nullable: true, Elem: elem} }

// NewMultiset returns MULTISET<elem>.
func NewMultiset(elem *Type) *Type { return &Type{Root: Multiset, Nullable: true, Elem: elem} }

// NewMap returns MAP<key, value>.
func NewMap(key, value *Type) *Type { return &Type{Root: Map, Nullable: true, Key: key, Elem: value} }

// NewRow returns ROW<fields>.
func NewRow(fields ...Field) *Type { return &Type{Root: Row, Nullable: true, Fields: fields} }

// WithNull returns the type with the given nullability; the receiver is not changed.
func (t *Type) WithNull(nullable bool) *Type {
	if t.Nullable == nullable {
		return t
	}
	c := *t
	c.Nullable = nullable
	return &c
}

// NotNull returns the type as NOT NULL.
func (t *Type) NotNull() *Type { return t.WithNull(false) }

// WithAttr returns the type with the given time attribute.
func (t *Type) WithAttr(a TimeAttr) *Type {
	if t.Attr == a {
		return t
	}
	c := *t
	c.Attr = a
	return &c
}

// IsTimeAttr tells whether the type is a row time or processing time attribute.
func (t *Type) IsTimeAttr() bool { return t.Attr != NotTimeAttr }

// IsString tells whether the type is CHAR or VARCHAR.
func (t *Type) IsString() bool { return t.Root == Char || t.Root == Varchar }

// IsBinary tells whether the type is BINARY or VARBINARY.
func (t *Type) IsBinary() bool { return t.Root == Binary || t.Root == Varbinary }

// IsInteger tells whether the type is TINYINT, SMALLINT, INT or BIGINT.
func (t *Type) IsInteger() bool { return t.Root >= TinyInt && t.Root <= BigInt }

// IsApprox tells whether the type is FLOAT or DOUBLE.
func (t *Type) IsApprox() bool { return t.Root == Float || t.Root == Double }

// IsNumeric tells whether the type is an integer, DECIMAL, FLOAT or DOUBLE.
func (t *Type) IsNumeric() bool { return t.Root >= Decimal && t.Root <= Double }

// IsTimestamp tells whether the type is TIMESTAMP or TIMESTAMP_LTZ.
func (t *Type) IsTimestamp() bool {
	return t.Root == Timestamp || t.Root == TimestampLTZ || t.Root == TimestampTZ
}

// IsInterval tells whether the type is an interval of either family.
func (t *Type) IsInterval() bool { return t.Root == IntervalYearMonth || t.Root == IntervalDayTime }

// IsTemporal tells whether the type is DATE, TIME or a timestamp.
func (t *Type) IsTemporal() bool { return t.Root >= Date && t.Root <= TimestampLTZ }

// Equal tells whether two types are the same, nullability included at every level; time attributes do not count.
func (t *Type) Equal(o *Type) bool { return t.Nullable == o.Nullable && t.EqualIgnoreNull(o) }

// EqualIgnoreNull is Equal without the outermost nullability.
func (t *Type) EqualIgnoreNull(o *Type) bool {
	if t.Root != o.Root || t.Length != o.Length || t.Precision != o.Precision || t.Scale != o.Scale ||
		t.Unit != o.Unit || t.Class != o.Class || t.Snapshot != o.Snapshot || len(t.Fields) != len(o.Fields) {
		return false
	}
	if (t.Elem == nil) != (o.Elem == nil) || (t.Key == nil) != (o.Key == nil) {
		return false
	}
	if t.Elem != nil && !t.Elem.Equal(o.Elem) || t.Key != nil && !t.Key.Equal(o.Key) {
		return false
	}
	for i := range t.Fields {
		if t.Fields[i].Name != o.Fields[i].Name || !t.Fields[i].Type.Equal(o.Fields[i].Type) {
			return false
		}
	}
	return true
}

// FieldIndex returns the index of a field by name, or -1.
func (t *Type) FieldIndex(name string) int {
	for i := range t.Fields {
		if t.Fields[i].Name == name {
			return i
		}
	}
	return -1
}

// Children returns the child types in physical order: ARRAY element; MAP key and value; MULTISET element and INT NOT NULL; ROW fields.
func (t *Type) Children() []*Type {
	switch t.Root {
	case Array:
		return []*Type{t.Elem}
	case Map:
		return []*Type{t.Key, t.Elem}
	case Multiset:
		return []*Type{t.Elem, TypeInt.NotNull()}
	case Row, Structured:
		cs := make([]*Type, len(t.Fields))
		for i := range t.Fields {
			cs[i] = t.Fields[i].Type
		}
		return cs
	default:
		return nil
	}
}

// Schema is an ordered list of columns.
type Schema []Field

// Types returns the column types.
func (s Schema) Types() []*Type {
	ts := make([]*Type, len(s))
	for i := range s {
		ts[i] = s[i].Type
	}
	return ts
}

// Index returns the index of a column by name, or -1.
func (s Schema) Index(name string) int {
	for i := range s {
		if s[i].Name == name {
			return i
		}
	}
	return -1
}

// Names returns the column names.
func (s Schema) Names() []string {
	ns := make([]string, len(s))
	for i := range s {
		ns[i] = s[i].Name
	}
	return ns
}
