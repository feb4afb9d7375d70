module spate

go 1.26
