@IP-51
Feature: Data is encoded properly

  Scenario: Over all calls until then
    Given a guest's stay was booked
    Then every body was JSON in UTF-8

  Scenario: Signs that are often escaped twice
    Given the partner sends what guests type as reference
    When guests with texts full of quotes, ampersands and emoji book stays
    Then each of these texts reached Inlet unharmed
