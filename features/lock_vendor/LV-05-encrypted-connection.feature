@LV-05
Feature: The connection is encrypted

  Scenario: Calls go over TLS
    When the vendor is called with valid credentials
    Then the call succeeds
    And the call went over a TLS connection
