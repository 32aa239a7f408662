@IP-02
Feature: Every call is one that Inlet documents

  Scenario: Over all calls of the run
    Given a guest's stay was booked
    Then every call used a documented endpoint, method and content type
