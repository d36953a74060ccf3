package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"time"

	"github.com/hyperledger/fabric-contract-api-go/v2/contractapi"
)

// Notary keeps which organisation has shown which document, and when. Of a document the ledger gets its SHA-256 only.
type Notary struct {
	contractapi.Contract
}

// Record says what a document is. Whoever recorded it first may change its title; nobody can take it back.
type Record struct {
	Digest   string `json:"digest"`
	Title    string `json:"title"`
	Recorder string `json:"recorder"` // MSP id
	At       string `json:"at"`       // RFC 3339, by the clock of whoever submitted it
}

var digestForm = regexp.MustCompile(`^[0-9a-f]{64}$`)

const longestTitle = 200

// Record writes down a document by its SHA-256 in lower-case hexadecimal digits.
func (n *Notary) Record(ctx contractapi.TransactionContextInterface, digest string, title string) (*Record, error) {
	if !digestForm.MatchString(digest) {
		return nil, errors.New("the digest is not 64 hexadecimal digits in lower case: give the SHA-256 of the document")
	}
	if title == "" || len(title) > longestTitle {
		return nil, fmt.Errorf("the title has %d bytes: give 1 to %d", len(title), longestTitle)
	}
	recorder, err := ctx.GetClientIdentity().GetMSPID()
	if err != nil {
		return nil, fmt.Errorf("the caller has no MSP id: %w", err)
	}
	known, err := find(ctx, digest)
	if err != nil {
		return nil, err
	}
	if known != nil && known.Recorder != recorder {
		return nil, fmt.Errorf("the document was recorded by %s: only that organisation may change its title", known.Recorder)
	}
	at, err := ctx.GetStub().GetTxTimestamp()
	if err != nil {
		return nil, err
	}
	record := &Record{Digest: digest, Title: title, Recorder: recorder, At: at.AsTime().UTC().Format(time.RFC3339Nano)}
	text, err := json.Marshal(record)
	if err != nil {
		return nil, err
	}
	return record, ctx.GetStub().PutState(digest, text)
}

// Read gives what was recorded last of a document.
func (n *Notary) Read(ctx contractapi.TransactionContextInterface, digest string) (*Record, error) {
	record, err := find(ctx, digest)
	if err == nil && record == nil {
		err = errors.New("no document of this digest was recorded")
	}
	return record, err
}

// History gives all that was ever recorded of a document, the newest first.
func (n *Notary) History(ctx contractapi.TransactionContextInterface, digest string) ([]*Record, error) {
	changes, err := ctx.GetStub().GetHistoryForKey(digest)
	if err != nil {
		return nil, err
	}
	defer changes.Close()
	records := []*Record{}
	for changes.HasNext() {
		change, err := changes.Next()
		if err != nil {
			return nil, err
		}
		record := new(Record)
		if err := json.Unmarshal(change.Value, record); err != nil {
			return nil, err
		}
		records = append(records, record)
	}
	return records, nil
}

// GetEvaluateTransactions names what only reads.
func (n *Notary) GetEvaluateTransactions() []string {
	return []string{"Read", "History"}
}

// find gives nil when nothing was recorded.
func find(ctx contractapi.TransactionContextInterface, digest string) (*Record, error) {
	text, err := ctx.GetStub().GetState(digest)
	if err != nil || text == nil {
		return nil, err
	}
	record := new(Record)
	return record, json.Unmarshal(text, record)
}
