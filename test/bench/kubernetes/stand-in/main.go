// In the place of many peers of Fabric where what is measured is the operator: it says that it is well, in a peer's words, and does nothing else.
package main

import (
	"fmt"
	"net/http"
	"os"
)

func main() {
	http.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"status":"OK"}`) })
	http.HandleFunc("GET /metrics", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, `fabric_version{version="v3.1.0"} 1`) })
	if err := http.ListenAndServe(":9443", nil); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
