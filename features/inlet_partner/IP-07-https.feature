@IP-07
Feature: Calls go over HTTPS

  Scenario: Over all calls of the run
    Given Inlet is reached by HTTPS
    And a guest's stay was booked
    Then every call went over TLS
