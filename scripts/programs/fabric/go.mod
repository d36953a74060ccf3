module fabricbuild

go 1.24.0

require github.com/hyperledger/fabric v1.4.0-rc1.0.20250318174348-8f08391d840c
