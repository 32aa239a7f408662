@IP-07
Feature: Calls go over HTTPS

  Scenario: The address that calls went to
    Given Inlet is not reached over loopback
    Then every call went over TLS
