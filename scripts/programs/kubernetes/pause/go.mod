module guildhall.dev/build/pause

go 1.24.0
