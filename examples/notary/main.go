// Command notary serves the contract where its environment says, as Guildhall runs it: docs/contract-images.md.
package main

import (
	"log"

	"github.com/hyperledger/fabric-contract-api-go/v2/contractapi"
)

func main() {
	notary, err := contractapi.NewChaincode(new(Notary))
	if err != nil {
		log.Fatal(err)
	}
	log.Fatal(notary.Start())
}
