// In the place of Fabric's peer where what is measured is the operator: it says that it is well, in a peer's words, and does nothing else. A real
// peer holds a hundred times the memory.
package main

import (
	"fmt"
	"net/http"
	"os"
)

func main() {
	http.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"status":"OK"}`) })
	http.HandleFunc("GET /metrics", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, `fabric_version{version="v3.1.0"} 1`) })
	if err := http.ListenAndServe(os.Getenv("CORE_OPERATIONS_LISTENADDRESS"), nil); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
